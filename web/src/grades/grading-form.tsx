import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { type Gradebook, type GradebookRow, putMarks } from '../../../core/contract/grades.ts';
import type { RubricItem } from '../../../core/contract/grade-scheme.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './grading.module.css';
import { formatPoints, numberOf } from './points.ts';
import { gradebookQuery, readGradesAgain } from './queries.ts';

interface Props {
  readonly book: Gradebook;
  readonly row: GradebookRow;
  /** @param rows as they are by now */
  readonly onDone: (rows: readonly GradebookRow[]) => void;
}

interface Draft {
  readonly points: string;
  readonly comment: string;
}

/** All items of the rubric for one student; Enter keeps what was changed and goes on. The first item that lacks a mark has the focus. */
export function GradingForm({ book, row, onDone }: Props) {
  const { phaseSlug } = useCompetition();
  const form = useRef<HTMLFormElement>(null);
  const [drafts, setDrafts] = useState(() => new Map(book.scheme.rubric.map(({ id }) => [id, draftOf(row, id)])));
  const [wholeTeam, setWholeTeam] = useState(false);
  const queryClient = useQueryClient();
  const wrong = book.scheme.rubric.filter((item) => fault(item, drafts.get(item.id)) !== undefined);
  const marks = book.scheme.rubric.flatMap(({ id }) => {
    const draft = drafts.get(id);
    const points = numberOf(draft?.points ?? '');
    const kept = draftOf(row, id);
    if (draft === undefined || points === undefined) return [];
    return draft.points === kept.points && draft.comment === kept.comment
      ? []
      : [{ item: id, points, comment: draft.comment }];
  });
  const save = useMutation({
    mutationFn: () =>
      call(putMarks, {
        params: { slug: book.competition, id: row.userId },
        query: { phase: book.phase },
        body: { marks, wholeTeam },
      }),
    onSuccess: async ({ marks: given }) => {
      // What is being read at the moment may be from before: who is next is told by what was just kept.
      await queryClient.cancelQueries({ queryKey: ['grades'] });
      const key = gradebookQuery({ slug: book.competition, phase: phaseSlug }).queryKey;
      const now = queryClient.setQueryData(key, (before) => before && withMarks(before, row, given, wholeTeam));
      onDone(now?.rows ?? book.rows);
      await readGradesAgain(queryClient);
      await queryClient.invalidateQueries({ queryKey: ['queue'] });
    },
  });
  useEffect(() => {
    const first = row.unmarked[0] ?? book.scheme.rubric[0]?.id;
    form.current?.querySelector<HTMLElement>(`[data-points="${first}"]`)?.focus();
    // Once: what is typed must not lose the focus when the grades are read again.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const keep = () => {
    if (wrong.length > 0 || save.isPending) return;
    if (marks.length === 0) onDone(book.rows);
    else save.mutate();
  };
  return (
    <form
      ref={form}
      className={`card stack ${classes.form}`}
      aria-labelledby="student"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        keep();
      }}
    >
      <header>
        <h2 id="student">{row.name}</h2>
        <p className="dim">
          {row.email}
          {row.section === '' ? '' : `, ${row.section}`}
        </p>
      </header>
      {book.scheme.rubric.map((item) => (
        <ItemFields
          key={item.id}
          item={item}
          row={row}
          draft={drafts.get(item.id) ?? draftOf(row, item.id)}
          onChange={(draft) => setDrafts((before) => new Map(before).set(item.id, draft))}
          onKeep={keep}
        />
      ))}
      {row.team === null ? null : (
        <Checkbox
          label="For everybody in the team"
          checked={wholeTeam}
          onChange={(event) => setWholeTeam(event.currentTarget.checked)}
        />
      )}
      {save.isError ? <Failure error={save.error} title="It was not kept" /> : null}
      <div>
        <Button type="submit" loading={save.isPending} disabled={wrong.length > 0}>
          {marks.length === 0 ? 'Next student' : 'Keep, and next student'}
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly item: RubricItem;
  readonly row: GradebookRow;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly onKeep: () => void;
}

function ItemFields({ item, row, draft, onChange, onKeep }: FieldsProps) {
  const given = row.marks.filter((mark) => mark.item === item.id).at(-1);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onKeep();
  };
  return (
    <fieldset className={classes.item}>
      <legend>
        {item.title}
        {given === undefined ? null : (
          <span className="dim">
            {' '}
            {formatPoints(given.points)} by {given.grader.name}
          </span>
        )}
      </legend>
      {item.description === '' ? null : <p className={classes.description}>{item.description}</p>}
      <div className={classes.fields}>
        <TextInput
          label={`Points, 0 to ${formatPoints(item.points)}`}
          inputMode="decimal"
          autoComplete="off"
          data-points={item.id}
          value={draft.points}
          error={fault(item, draft)}
          onChange={(event) => onChange({ ...draft, points: event.currentTarget.value })}
        />
        <Textarea
          label="Comment"
          description="The student sees it"
          autosize
          minRows={2}
          maxRows={10}
          maxLength={10_000}
          value={draft.comment}
          onKeyDown={onKey}
          onChange={(event) => onChange({ ...draft, comment: event.currentTarget.value })}
        />
      </div>
    </fieldset>
  );
}

/** The book with a student's marks as the server has them now, and for the rest of the team the same items graded. */
function withMarks(
  book: Gradebook,
  { userId, team }: GradebookRow,
  marks: GradebookRow['marks'],
  wholeTeam: boolean,
): Gradebook {
  const items = new Set(marks.map(({ item }) => item));
  const rows = book.rows.map((row) => {
    const isMeant = row.userId === userId || (wholeTeam && team !== null && row.team === team);
    if (!isMeant) return row;
    const unmarked = row.unmarked.filter((item) => !items.has(item));
    return { ...row, unmarked, marks: row.userId === userId ? marks : row.marks };
  });
  return { ...book, rows };
}

/** The mark that counts, as it would be typed. */
function draftOf({ marks }: GradebookRow, item: string): Draft {
  const given = marks.filter((mark) => mark.item === item).at(-1);
  return { points: given === undefined ? '' : String(given.points), comment: given?.comment ?? '' };
}

function fault({ points: most }: RubricItem, draft: Draft | undefined): string | undefined {
  if (draft === undefined || draft.points.trim() === '') return undefined;
  const points = numberOf(draft.points);
  if (points === undefined) return 'a number such as 7.5';
  return points < 0 || points > most ? `0 to ${formatPoints(most)}` : undefined;
}
