import { type ReactNode, useId } from 'react';
import classes from './charts.module.css';
import type { Cursor } from './use-cursor.ts';

/** The same as text: for who can't see the drawing, or wants the numbers. */
interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are in all, where only the first ones are given. */
  readonly of?: number;
}

interface Props {
  readonly title: string;
  /** One sentence that says what there is to see. */
  readonly summary: string;
  readonly table: ChartTable;
  /** What choices there are, above the drawing. */
  readonly choices?: ReactNode;
  readonly legend?: ReactNode;
  readonly cursor?: Cursor;
  readonly children: ReactNode;
}

/** A figure: its title, the drawing with what it says in words, and its numbers as a table. */
export function ChartFigure({ title, summary, table, choices, legend, cursor, children }: Props) {
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <figcaption className={classes.caption}>
        <h2 id={id}>{title}</h2>
        {choices}
      </figcaption>
      <p className={`dim ${classes.summary}`}>{summary}</p>
      {legend}
      {cursor === undefined ? (
        children
      ) : (
        <>
          {/* The keyboard's way to what pointing tells. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            className={classes.cursorArea}
            role="group"
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            aria-label={`${title}: arrow keys read out its points`}
            onKeyDown={cursor.onKeyDown}
          >
            {children}
          </div>
          <p className={`num ${classes.readout}`} aria-live="polite">
            {cursor.text}
          </p>
        </>
      )}
      <details className={classes.numbers}>
        <summary>As a table</summary>
        {/* Scrolled by keyboard too. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${title} as a table`}>
          <table>
            <thead>
              <tr>
                {table.head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column} className="num">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {table.of === undefined || table.of <= table.rows.length ? null : (
          <p className="dim">
            The first {table.rows.length} of {table.of.toLocaleString('en-US')}.
          </p>
        )}
      </details>
    </figure>
  );
}
