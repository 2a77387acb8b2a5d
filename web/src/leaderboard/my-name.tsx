import { Button, Switch } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getMyTeam, rerollPseudonym, showName, type MyTeam } from '../../../core/contract/teams.ts';
import { call } from '../api/call.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './my-name.module.css';

function myTeamQuery(slug: string) {
  return queryOptions({
    queryKey: ['my-team', slug],
    queryFn: ({ signal }) => call(getMyTeam, { params: { slug }, signal }),
  });
}

/** For students: under what name they are on the board, and what it takes to change that. */
export function MyName({ slug }: { slug: string }) {
  const queryClient = useQueryClient();
  const query = useQuery(myTeamQuery(slug));
  const keep = (team: MyTeam) => {
    queryClient.setQueryData(myTeamQuery(slug).queryKey, team);
    void queryClient.invalidateQueries({ queryKey: ['leaderboard', slug] });
  };
  const reroll = useMutation({ mutationFn: () => call(rerollPseudonym, { params: { slug } }), onSuccess: keep });
  const show = useMutation({
    mutationFn: (shown: boolean) => call(showName, { params: { slug }, body: { shown } }),
    onSuccess: keep,
  });
  const error = reroll.error ?? show.error;
  if (query.data === undefined || query.data.pseudonym === null) return null;
  const { pseudonym, nameShown, rerollsLeft } = query.data;
  return (
    <div className={classes.bar}>
      <p>
        Classmates see you as <strong data-testid="pseudonym">{pseudonym}</strong>
        {nameShown ? ', with your name' : ''}.
      </p>
      <Button
        variant="default"
        size="xs"
        loading={reroll.isPending}
        disabled={rerollsLeft === 0}
        onClick={() => reroll.mutate()}
      >
        Draw another name
      </Button>
      <Switch
        label="Show my own name"
        checked={nameShown}
        disabled={show.isPending}
        onChange={(event) => show.mutate(event.currentTarget.checked)}
      />
      {error === null ? null : <Failure error={error} />}
    </div>
  );
}
