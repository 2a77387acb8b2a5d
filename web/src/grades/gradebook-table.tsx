import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Gradebook, GradebookRow } from '../../../core/contract/grades.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { GradeDetails } from './grade-details.tsx';
import classes from './grades.module.css';
import { formatPoints } from './points.ts';

interface Props {
  readonly book: Gradebook;
  readonly mayOverride: boolean;
}

/** Every student with the grade as it stands now, narrowed down by name, address or section, or to whom there is still something to grade. */
export function GradebookTable({ book, mayOverride }: Props) {
  const [text, search] = useState('');
  const [unmarkedOnly, narrow] = useState(false);
  const rows = book.rows.filter(
    (row) =>
      (!unmarkedOnly || row.unmarked.length > 0) &&
      [row.name, row.email, row.section].some((part) => part.toLowerCase().includes(text.trim().toLowerCase())),
  );
  return (
    <div className="stack">
      <div className={classes.fields}>
        <TextInput
          label="Name, address or section"
          value={text}
          onChange={(event) => search(event.currentTarget.value)}
        />
        <Checkbox
          label="Only those who are still to be graded"
          checked={unmarkedOnly}
          onChange={(event) => narrow(event.currentTarget.checked)}
        />
      </div>
      {rows.length === 0 ? (
        <EmptyState title="No student is like that" />
      ) : (
        <Rows book={book} rows={rows} mayOverride={mayOverride} />
      )}
    </div>
  );
}

/** One at a time is opened, to see why it is so many points and to grade by hand. */
function Rows({ book, rows, mayOverride }: Props & { rows: readonly GradebookRow[] }) {
  const [opened, open] = useState<number>();
  return (
    <table className={classes.book}>
      <caption className="visually-hidden">Grades, by name</caption>
      <thead>
        <tr>
          <th scope="col" className="label">
            Student
          </th>
          <th scope="col" className={`label ${classes.points}`}>
            Points
          </th>
          <th scope="col" className="label">
            State
          </th>
          <th scope="col">
            <span className="visually-hidden">Details</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.userId}
            book={book}
            row={row}
            isOpen={row.userId === opened}
            mayOverride={mayOverride}
            onToggle={() => open(row.userId === opened ? undefined : row.userId)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Props {
  readonly row: GradebookRow;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Row({ book, row, isOpen, mayOverride, onToggle }: RowProps) {
  return (
    <>
      <tr>
        <th scope="row">
          {row.name}{' '}
          <span className={`dim ${classes.email}`}>
            {row.email}
            {row.section === '' ? '' : `, ${row.section}`}
          </span>
        </th>
        <td className={`num ${classes.points}`}>{formatPoints(row.grade.points)}</td>
        <td className="dim">{stateOf(row)}</td>
        <td>
          <Button
            variant="default"
            size="xs"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Close' : 'Open'} the grade of ${row.name}`}
            onClick={onToggle}
          >
            {isOpen ? 'Close' : 'Open'}
          </Button>
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={4}>
            <GradeDetails book={book} row={row} mayOverride={mayOverride} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function stateOf({ missing, unmarked, override, released }: GradebookRow): string {
  const parts = [
    ...(missing ? ['nothing handed in'] : []),
    ...(unmarked.length > 0 ? [`${unmarked.length} to grade`] : []),
    ...(override ? ['set by staff'] : []),
    released === null
      ? 'not released'
      : released.differs
        ? `released as ${formatPoints(released.grade.points)}, differs now`
        : 'released',
  ];
  return parts.join(', ');
}
