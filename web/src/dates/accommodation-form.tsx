import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type Accommodation, setAccommodation } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { numberOf } from '../grades/points.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './dates.module.css';
import { readDatesAgain } from './queries.ts';
import { StudentSelect } from './student-select.tsx';

/** More time in every phase of the course, for one student. */
export function AccommodationForm({ given, onDone }: { given: Accommodation | undefined; onDone: () => void }) {
  const { slug, timeZone } = useCourse();
  const queryClient = useQueryClient();
  const [userId, setUserId] = useState(given === undefined ? '' : String(given.userId));
  const [days, setDays] = useState(String(given?.extraDays ?? ''));
  const [factor, setFactor] = useState(given === undefined || given.timeFactor === 1 ? '' : String(given.timeFactor));
  const [reason, setReason] = useState(given?.reason ?? '');
  const extraDays = days.trim() === '' ? 0 : numberOf(days);
  const timeFactor = factor.trim() === '' ? 1 : numberOf(factor);
  const daysError =
    extraDays === undefined || !Number.isInteger(extraDays) || extraDays < 0 || extraDays > 60
      ? 'a whole number from 0 to 60'
      : undefined;
  const factorError =
    timeFactor === undefined || timeFactor < 1 || timeFactor > 10 ? 'a number from 1 to 10, such as 1.5' : undefined;
  const isNothing = extraDays === 0 && timeFactor === 1;
  const save = useMutation({
    mutationFn: () =>
      call(setAccommodation, { params: { course: slug, id: userId }, body: { extraDays, timeFactor, reason } }),
    onSuccess: async () => {
      await readDatesAgain(queryClient);
      onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isReady = userId !== '' && daysError === undefined && factorError === undefined && !isNothing;
  return (
    <form className={classes.form} aria-label="An accommodation" onSubmit={submit}>
      {given === undefined ? (
        <StudentSelect course={slug} value={userId} onChange={setUserId} />
      ) : (
        <h3>{given.name}</h3>
      )}
      <TextInput
        label="More days"
        description={`Calendar days by the clock of ${timeZone}, after each due time`}
        inputMode="numeric"
        autoFocus={given !== undefined}
        value={days}
        error={daysError}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <TextInput
        label="Times as long"
        description="Of the time from opening to due: 1.5 is half as much again. What makes a due time later counts."
        inputMode="decimal"
        placeholder="1"
        value={factor}
        error={factorError}
        onChange={(event) => setFactor(event.currentTarget.value)}
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
      <p className="dim">
        It holds for phases that are over as well: what is late there, and what that costs, may change.
      </p>
      {save.isError ? <Failure error={save.error} title="It was not given" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!isReady}>
          {given === undefined ? 'Give it' : 'Change it'}
        </Button>
      </div>
    </form>
  );
}
