import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { endViewing } from '../../../core/contract/viewing.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { changePerson } from '../api/session.ts';
import classes from './shell.module.css';

/** Tells staff, on every page, that they look as a student, and takes them back. */
export function ViewingBanner() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery(meQuery).data;
  const course = me?.viewingAs?.course;
  const stop = useMutation({
    mutationFn: () => call(endViewing, {}),
    onSuccess: async (self) => {
      changePerson(queryClient, self);
      await (course === undefined
        ? navigate({ to: '/' })
        : navigate({ to: '/courses/$course/people', params: { course } }));
    },
  });
  if (!me?.viewingAs) return null;
  return (
    <div className={classes.viewing} role="status">
      <span>
        You see the course as <strong>{me.name}</strong> does. Nothing can be changed.
        {stop.isError ? ` ${stop.error.message}` : ''}
      </span>
      <Button size="xs" loading={stop.isPending} onClick={() => stop.mutate()}>
        Back to {me.viewingAs.viewer}
      </Button>
    </div>
  );
}
