import type { Leaderboard, LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { customMetricName } from '../../../core/contract/scores.ts';
import { BoardRow } from './board-row.tsx';
import classes from './board-table.module.css';
import { type Move, rowKey } from './movement.ts';
import type { Span } from './whisker.tsx';

interface Props {
  readonly board: Leaderboard;
  readonly rows: readonly LeaderboardRow[];
  readonly moves: ReadonlyMap<string, Move>;
  readonly myMove: Move | undefined;
}

/** More columns than these make rows too long to follow; the other metrics then stand under the team's name. */
const MAX_EXTRA_COLUMNS = 3;

export function BoardTable({ board, rows, moves, myMove }: Props) {
  const others = board.metrics.filter((metric) => metric !== board.primaryMetric);
  const columns = others.length <= MAX_EXTRA_COLUMNS ? others : [];
  const teams = [...rows, ...(board.me === null ? [] : [board.me])].filter((row) => !row.baseline);
  const span = spanOf(teams, board.primaryMetric);
  const mine = board.me === null ? undefined : rowKey(board.me);
  const rowProps = { primary: board.primaryMetric, columns, others, span };
  return (
    <table className={classes.table}>
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
      <tbody>
        {rows.map((row) => {
          const key = rowKey(row);
          return (
            <BoardRow
              key={key}
              row={row}
              mine={key === mine}
              move={key === mine ? myMove : undefined}
              moved={moves.get(key)}
              {...rowProps}
            />
          );
        })}
        {board.me !== null && !rows.some((row) => rowKey(row) === mine) ? (
          <BoardRow row={board.me} mine move={myMove} moved={undefined} {...rowProps} />
        ) : null}
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
