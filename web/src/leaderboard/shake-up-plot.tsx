import type { Leaderboard, LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import classes from '../charts/charts.module.css';
import { type Drawing, Plot } from '../charts/plot.tsx';
import { formatCount } from '../format/number.ts';
import { rowKey } from './movement.ts';

/** So many rows are written out as a table: those that moved furthest. */
const LISTED = 100;
/** More lines than these are a thicket: then each team is a dot. */
const MOST_LINES = 60;

interface Moved {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly mine: boolean;
}

/** Each team's rank on the public board against that on the private one. */
export function ShakeUpPlot({ board, rows }: { board: Leaderboard; rows: readonly LeaderboardRow[] }) {
  const mine = board.me === null ? undefined : rowKey(board.me);
  const moved = rows.flatMap((row): Moved[] =>
    row.rank === null || row.publicRank === null || row.publicRank === undefined
      ? []
      : [{ name: row.name, before: row.publicRank, after: row.rank, mine: rowKey(row) === mine }],
  );
  if (moved.length === 0) return <p className="dim">No team is on both boards.</p>;
  const furthest = moved.toSorted((a, b) => distance(b) - distance(a) || a.after - b.after);
  const last = moved.reduce((most, { before, after }) => Math.max(most, before, after), 1);
  const me = moved.find((each) => each.mine);
  const stayed = moved.filter(({ before, after }) => before === after).length;
  return (
    <ChartFigure
      title="From the public board to the private one"
      summary={`${formatCount(moved.length, 'team')}, ${stayed} of them on the same rank${furthest[0] === undefined ? '' : `; ${furthest[0].name} moved furthest, ${moveText(furthest[0])}`}.${me === undefined ? '' : ` You: ${moveText(me)}.`}`}
      legend={
        <ul className={classes.legend}>
          <li className={classes.rose} data-shape="line">
            rose
          </li>
          <li className={classes.fell} data-shape="line">
            fell
          </li>
          {me === undefined ? null : (
            <li className={classes.me} data-shape="line">
              you
            </li>
          )}
        </ul>
      }
      table={{
        head: ['Team', 'Public', 'Private', 'Places'],
        rows: furthest
          .slice(0, LISTED)
          .map(({ name, before, after }) => [name, String(before), String(after), placesText(before - after)]),
        of: moved.length,
      }}
    >
      {moved.length > MOST_LINES ? (
        <Plot
          downwards
          height={420}
          x={{ domain: [0, last], ticks: rankTicks(last), title: 'public rank' }}
          y={{ domain: [0, last], ticks: rankTicks(last), title: 'private rank' }}
        >
          {(drawing) => <Dots moved={moved} last={last} drawing={drawing} />}
        </Plot>
      ) : (
        <Plot
          downwards
          height={Math.min(560, 160 + moved.length * 14)}
          right={46}
          x={{
            domain: [0, 1],
            ticks: [
              { at: 0, text: 'public' },
              { at: 1, text: 'private' },
            ],
            title: '',
          }}
          y={{ domain: [1, last], ticks: rankTicks(last), title: 'rank' }}
        >
          {(drawing) => <Lines moved={moved} drawing={drawing} />}
        </Plot>
      )}
    </ChartFigure>
  );
}

interface MarksProps {
  readonly moved: readonly Moved[];
  readonly drawing: Drawing;
}

/** Who rose is above the diagonal. One path for all dots of a colour: a drawing, not thousands of elements. */
function Dots({ moved, last, drawing: { x, y } }: MarksProps & { last: number }) {
  const path = (dots: readonly Moved[]) =>
    dots.map(({ before, after }) => `M${x(before).toFixed(1)} ${y(after).toFixed(1)}h0`).join('');
  const me = moved.find((each) => each.mine);
  return (
    <>
      <line className={classes.baseline} x1={x(0)} x2={x(last)} y1={y(0)} y2={y(last)} />
      <path className={classes.dots} data-rose d={path(moved.filter(({ before, after }) => after < before))} />
      <path className={classes.dots} d={path(moved.filter(({ before, after }) => after >= before))} />
      {me === undefined ? null : (
        <>
          <circle className={classes.dot} data-chosen cx={x(me.before)} cy={y(me.after)} r={6} />
          <text className={classes.mark} x={x(me.before) + 10} y={y(me.after)} dy="0.32em">
            you
          </text>
        </>
      )}
    </>
  );
}

function Lines({ moved, drawing: { x, y } }: MarksProps) {
  const [left, right] = [x(0), x(1)];
  const path = (lines: readonly Moved[]) =>
    lines.map(({ before, after }) => `M${left} ${y(before).toFixed(1)}L${right} ${y(after).toFixed(1)}`).join('');
  const me = moved.find((each) => each.mine);
  return (
    <>
      <path className={classes.others} d={path(moved.filter(({ before, after }) => before === after))} />
      <path className={classes.fallen} d={path(moved.filter(({ before, after }) => before < after))} />
      <path className={classes.risen} d={path(moved.filter(({ before, after }) => before > after))} />
      {me === undefined ? null : (
        <>
          <path className={classes.mine} d={path([me])} />
          <text className={classes.mark} x={right + 6} y={y(me.after)} dy="0.32em">
            {me.after}
          </text>
        </>
      )}
    </>
  );
}

function distance({ before, after }: Moved): number {
  return Math.abs(before - after);
}

function moveText({ before, after }: Moved): string {
  return before === after ? `rank ${after} on both` : `${before} → ${after}`;
}

function placesText(places: number): string {
  if (places === 0) return '=';
  return places > 0 ? `▲${places}` : `▼${-places}`;
}

function rankTicks(last: number): { at: number; text: string }[] {
  const step = Math.max(1, Math.ceil(last / 6));
  const ranks = [1, ...Array.from({ length: 6 }, (_, index) => (index + 1) * step)];
  return [...new Set(ranks)].filter((rank) => rank <= last).map((at) => ({ at, text: String(at) }));
}
