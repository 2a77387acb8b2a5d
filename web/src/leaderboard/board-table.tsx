import type { Leaderboard, LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { customMetricName } from '../../../core/contract/scores.ts';
import { useEffect } from 'react';
import { BoardRow } from './board-row.tsx';
import classes from './board-table.module.css';
import { type Move, rowKey } from './movement.ts';
import { useRowWindow } from './use-row-window.ts';
import type { Span } from './whisker.tsx';

interface Props {
  readonly board: Leaderboard;
  readonly rows: readonly LeaderboardRow[];
  readonly moves: ReadonlyMap<string, Move>;
  readonly myMove: Move | undefined;
  /** All that is known of the board: what the intervals are drawn against, whichever rows are shown. */
  readonly known: readonly LeaderboardRow[];
  /** Whether there are no further rows to load. */
  readonly complete: boolean;
  /** The last rows come into sight. */
  readonly onEnd: () => void;
}

/** More columns than these make rows too long to follow; the other metrics then stand under the team's name. */
const MAX_EXTRA_COLUMNS = 3;

export function BoardTable({ board, rows: shown, known, moves, myMove, complete, onEnd }: Props) {
  const others = board.metrics.filter((metric) => metric !== board.primaryMetric);
  const columns = others.length <= MAX_EXTRA_COLUMNS ? others : [];
  const mine = board.me === null ? undefined : rowKey(board.me);
  const listed = shown.findIndex((row) => rowKey(row) === mine);
  // Where it is not among them, it stands below.
  const rows = board.me === null || listed >= 0 ? shown : [...shown, board.me];
  const myIndex = board.me === null ? undefined : listed >= 0 ? listed : rows.length - 1;
  const { body, blocks, rowHeight, lastDrawn } = useRowWindow(rows.length, myIndex, complete);
  const atEnd = lastDrawn >= shown.length;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, onEnd]);
  const teams = [...known, ...(board.me === null ? [] : [board.me])].filter((row) => !row.baseline);
  const span = spanOf(teams, board.primaryMetric);
  const rowProps = { primary: board.primaryMetric, columns, others, span };
  return (
    <table className={classes.table} aria-rowcount={rows.length + 1}>
      <caption className="visually-hidden">
        {board.board === 'public' ? 'Public' : 'Private'} leaderboard, best first
        {span === undefined ? '' : ', with 95 % intervals'}
      </caption>
      <thead>
        <tr>
          <th scope="col" className={classes.rank}>
            <span className="label">Rank</span>
          </th>
          <th scope="col">
            <span className="label">Team</span>
          </th>
          <th scope="col" className={classes.value}>
            <span className="label">{board.primaryMetric}</span>
          </th>
          <th scope="col" className={classes.whisker} aria-label={span === undefined ? undefined : '95 % interval'}>
            {span === undefined ? null : <Axis span={span} />}
          </th>
          {columns.map((metric) => (
            <th key={metric} scope="col" className={classes.other}>
              <span className="label">{metric}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {blocks.map((block) => {
          if (block.kind === 'room')
            return (
              <tr key={`room ${block.after}`} data-room aria-hidden="true">
                <td aria-hidden="true" colSpan={4 + columns.length} style={{ height: block.rows * rowHeight }} />
              </tr>
            );
          const row = rows[block.index];
          if (row === undefined) return null;
          const key = rowKey(row);
          return (
            <BoardRow
              key={key}
              row={row}
              index={block.index}
              mine={key === mine}
              move={key === mine ? myMove : undefined}
              moved={moves.get(key)}
              {...rowProps}
            />
          );
        })}
      </tbody>
    </table>
  );
}

/** The head of the intervals' column: where their common axis begins and ends. */
function Axis({ span }: { span: Span }) {
  return (
    <span className={`label ${classes.axis}`}>
      <span>{span.low.toFixed(2)}</span>
      <span>95 % interval</span>
      <span>{span.high.toFixed(2)}</span>
    </span>
  );
}

/** The axis that all intervals of the table are drawn on; a custom metric has none. A baseline may lie far off, and would press the teams together. */
function spanOf(rows: readonly LeaderboardRow[], metric: string): Span | undefined {
  if (metric === customMetricName) return undefined;
  const scores = rows.flatMap((row) => row.scores[metric] ?? []);
  if (scores.length === 0) return { low: 0, high: 1 };
  return {
    low: Math.min(...scores.map(({ low = 0 }) => low)),
    high: Math.max(...scores.map(({ high = 1 }) => high)),
  };
}
