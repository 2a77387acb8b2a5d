import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { listMembers } from '../../../core/contract/courses.ts';
import { addExtension } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { competitionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatInstant } from '../format/time.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './dates.module.css';
import { extensionsQuery } from './queries.ts';
import { instantOf, localOf } from './zoned.ts';

/** A new due time for one student, in the course's zone. */
export function ExtensionForm({ onDone }: { onDone: () => void }) {
  const { competition, phase, phaseSlug } = useCompetition();
  const { slug, course, timeZone } = competition;
  const queryClient = useQueryClient();
  const members = useQuery({
    queryKey: ['members', course],
    queryFn: async ({ signal }) => (await call(listMembers, { params: { course }, signal })).members,
  });
  const [userId, setUserId] = useState('');
  const [due, setDue] = useState(phase.dueAt === null ? '' : localOf(phase.dueAt, timeZone));
  const [reason, setReason] = useState('');
  const dueAt = instantOf(due, timeZone);
  const save = useMutation({
    mutationFn: () =>
      call(addExtension, {
        params: { slug },
        query: { phase: phaseSlug },
        body: { userId: Number(userId), dueAt, reason },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: extensionsQuery(slug).queryKey });
      await queryClient.invalidateQueries({ queryKey: competitionQuery(slug).queryKey });
      onDone();
    },
  });
  const students = members.data?.filter(({ role }) => role === 'student') ?? [];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={`card ${classes.form}`} aria-label="A new extension" onSubmit={submit}>
      {members.isError ? <Failure error={members.error} title="The students could not be loaded" /> : null}
      <NativeSelect
        label="Student"
        required
        withAsterisk={false}
        value={userId}
        autoFocus
        onChange={(event) => setUserId(event.currentTarget.value)}
        data={[
          { value: '', label: members.isPending ? 'Loading …' : 'Choose a student' },
          ...students.map((student) => ({
            value: String(student.userId),
            label: `${student.name} (${student.email})`,
          })),
        ]}
      />
      <TextInput
        type="datetime-local"
        label="New due time"
        description={
          phase.dueAt === null
            ? `By the clock of ${timeZone}`
            : `By the clock of ${timeZone}. The class’s is ${formatInstant(phase.dueAt, timeZone)}.`
        }
        required
        withAsterisk={false}
        value={due}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      <Textarea
        label="Reason"
        description="For staff; students don’t see it"
        required
        withAsterisk={false}
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {save.isError ? <Failure error={save.error} title="It was not given" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} disabled={userId === '' || dueAt === undefined}>
          Give it
        </Button>
      </div>
    </form>
  );
}
