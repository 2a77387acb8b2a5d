import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { addExtension } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatInstant } from '../format/time.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './dates.module.css';
import { readDatesAgain } from './queries.ts';
import { StudentSelect } from './student-select.tsx';
import { TeamSelect } from './team-select.tsx';
import { instantOf, localOf, stepOf } from './zoned.ts';

/** A new due time for one student or one team, in the course's zone. */
export function ExtensionForm({ onDone }: { onDone: () => void }) {
  const { competition, phase, phaseSlug } = useCompetition();
  const { slug, course, timeZone } = competition;
  const queryClient = useQueryClient();
  const [whose, setWhose] = useState<'student' | 'team'>('student');
  const [userId, setUserId] = useState('');
  const [teamId, setTeamId] = useState('');
  const [due, setDue] = useState(phase.dueAt === null ? '' : localOf(phase.dueAt, timeZone));
  const [reason, setReason] = useState('');
  const isNamed = (whose === 'team' ? teamId : userId) !== '';
  const dueAt = instantOf(due, timeZone);
  const save = useMutation({
    mutationFn: () =>
      call(addExtension, {
        params: { slug },
        query: { phase: phaseSlug },
        body: { ...(whose === 'team' ? { teamId: Number(teamId) } : { userId: Number(userId) }), dueAt, reason },
      }),
    onSuccess: async () => {
      await readDatesAgain(queryClient);
      onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={`card ${classes.form}`} aria-label="A new extension" onSubmit={submit}>
      <NativeSelect
        label="For"
        value={whose}
        data={[
          { value: 'student', label: 'a student' },
          { value: 'team', label: 'a team' },
        ]}
        onChange={(event) => setWhose(event.currentTarget.value === 'team' ? 'team' : 'student')}
      />
      {whose === 'team' ? (
        <TeamSelect competition={slug} value={teamId} onChange={setTeamId} />
      ) : (
        <StudentSelect course={course} value={userId} onChange={setUserId} />
      )}
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
        step={stepOf(due)}
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
        <Button type="submit" loading={save.isPending} disabled={!isNamed || dueAt === undefined}>
          Give it
        </Button>
      </div>
    </form>
  );
}
