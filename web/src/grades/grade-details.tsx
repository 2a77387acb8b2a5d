import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { RubricItem } from '../../../core/contract/grade-scheme.ts';
import {
  deleteOverride,
  type Gradebook,
  type GradebookRow,
  putMarks,
  putOverride,
  releaseGrades,
} from '../../../core/contract/grades.ts';
import { call } from '../api/call.ts';
import { Failure } from '../ui/notice.tsx';
import { GradeLines } from './grade-lines.tsx';
import classes from './grades.module.css';
import { formatPoints, numberOf } from './points.ts';
import { readGradesAgain } from './queries.ts';

interface Props {
  readonly book: Gradebook;
  readonly row: GradebookRow;
  readonly mayOverride: boolean;
}

/** A student's grade with its reasons, and for each item of the rubric what it takes to grade it. */
export function GradeDetails({ book, row, mayOverride }: Props) {
  return (
    <div className={classes.details}>
      <GradeLines grade={row.grade} />
      {book.scheme.rubric.map((item) => (
        <MarkForm key={item.id} book={book} row={row} item={item} />
      ))}
      {mayOverride ? <OverrideForm book={book} row={row} /> : null}
      {mayOverride && book.revealed ? <ReleaseOne book={book} row={row} /> : null}
    </div>
  );
}

function useChange(change: () => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: async () => await readGradesAgain(queryClient) });
}

function placeOf({ competition, phase }: Gradebook, { userId }: GradebookRow) {
  return { params: { slug: competition, id: userId }, query: { phase } };
}

function MarkForm({ book, row, item }: { book: Gradebook; row: GradebookRow; item: RubricItem }) {
  const given = row.marks.filter((mark) => mark.item === item.id);
  const counted = given.at(-1);
  const [points, setPoints] = useState(counted ? String(counted.points) : '');
  const [comment, setComment] = useState(counted?.comment ?? '');
  const [second, setSecond] = useState(counted?.second ?? false);
  const [wholeTeam, setWholeTeam] = useState(false);
  const value = numberOf(points);
  const save = useChange(() =>
    call(putMarks, {
      ...placeOf(book, row),
      body: { marks: [{ item: item.id, points: value ?? 0, comment }], second, wholeTeam },
    }),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form className="stack" aria-label={`Grade ${item.title}`} onSubmit={submit}>
      <h3>{item.title}</h3>
      {item.description === '' ? null : <p className={classes.because}>{item.description}</p>}
      {given.map((mark) => (
        <p key={String(mark.second)} className="dim">
          {mark.second ? 'Second opinion' : 'First opinion'}: {formatPoints(mark.points)} by {mark.grader.name}
        </p>
      ))}
      <div className={classes.fields}>
        <TextInput
          label={`Points, 0 to ${formatPoints(item.points)}`}
          inputMode="decimal"
          value={points}
          error={points !== '' && value === undefined ? 'a number such as 7.5' : undefined}
          onChange={(event) => setPoints(event.currentTarget.value)}
        />
        <Textarea
          label="Comment"
          description="The student sees it"
          rows={2}
          maxLength={10_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </div>
      <div className="row">
        {given.length === 0 ? null : (
          <Checkbox
            label="As a second opinion"
            checked={second}
            onChange={(event) => setSecond(event.currentTarget.checked)}
          />
        )}
        {row.team === null ? null : (
          <Checkbox
            label="For everybody in the team"
            checked={wholeTeam}
            onChange={(event) => setWholeTeam(event.currentTarget.checked)}
          />
        )}
        <Button type="submit" variant="default" size="xs" disabled={value === undefined} loading={save.isPending}>
          Keep the mark
        </Button>
      </div>
      {save.isError ? <Failure error={save.error} title="It was not kept" /> : null}
    </form>
  );
}

function OverrideForm({ book, row }: { book: Gradebook; row: GradebookRow }) {
  const [points, setPoints] = useState(row.override ? String(row.override.points) : '');
  const [reason, setReason] = useState(row.override?.reason ?? '');
  const value = numberOf(points);
  const place = placeOf(book, row);
  const save = useChange(() => call(putOverride, { ...place, body: { points: value ?? 0, reason } }));
  const drop = useChange(() => call(deleteOverride, place));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form className="stack" aria-label="Set the grade" onSubmit={submit}>
      <h3>Set the grade, whatever it is computed to be</h3>
      <div className={classes.fields}>
        <TextInput
          label={`Points, 0 to ${formatPoints(book.most)}`}
          inputMode="decimal"
          value={points}
          onChange={(event) => setPoints(event.currentTarget.value)}
        />
        <Textarea
          label="Reason"
          description="The student sees it"
          rows={2}
          maxLength={2_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <div className="row">
        <Button
          type="submit"
          variant="default"
          size="xs"
          disabled={value === undefined || reason.trim() === ''}
          loading={save.isPending}
        >
          Set it
        </Button>
        {row.override === null ? null : (
          <Button variant="default" size="xs" loading={drop.isPending} onClick={() => drop.mutate(undefined)}>
            Compute it again
          </Button>
        )}
      </div>
      {save.isError ? <Failure error={save.error} title="It was not set" /> : null}
      {drop.isError ? <Failure error={drop.error} /> : null}
    </form>
  );
}

/** Such as after a regrade request was granted. */
function ReleaseOne({ book, row }: { book: Gradebook; row: GradebookRow }) {
  const release = useChange(() =>
    call(releaseGrades, {
      params: { slug: book.competition },
      query: { phase: book.phase },
      body: { students: [row.userId] },
    }),
  );
  if (row.released?.differs === false) return null;
  return (
    <div className="stack">
      <div>
        <Button variant="default" size="xs" loading={release.isPending} onClick={() => release.mutate(undefined)}>
          {`Release the grade of ${row.name}`}
        </Button>
      </div>
      {release.isError ? <Failure error={release.error} title="It was not released" /> : null}
    </div>
  );
}
