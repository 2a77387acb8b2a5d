import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Gradebook, GradebookRow } from '../../../core/contract/grades.ts';
import { GradeDetails } from './grade-details.tsx';
import classes from './grades.module.css';
import { formatPoints } from './points.ts';

/** Every student with the grade as it stands now; one at a time is opened to see why, and to grade by hand. */
export function GradebookTable({ book, mayOverride }: { book: Gradebook; mayOverride: boolean }) {
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
          <th scope="col" aria-label="Details" />
        </tr>
      </thead>
      <tbody>
        {book.rows.map((row) => (
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

interface RowProps {
  readonly book: Gradebook;
  readonly row: GradebookRow;
  readonly isOpen: boolean;
  readonly mayOverride: boolean;
  readonly onToggle: () => void;
}

function Row({ book, row, isOpen, mayOverride, onToggle }: RowProps) {
  return (
    <>
      <tr>
        <th scope="row">
          {row.name} <span className={`dim ${classes.email}`}>{row.email}</span>
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
