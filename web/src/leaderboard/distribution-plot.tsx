import type { Leaderboard, LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import classes from '../charts/charts.module.css';
import { Plot } from '../charts/plot.tsx';
import { ticksOf } from '../charts/scale.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { type Bin, binsOf } from './bins.ts';

const BINS = 24;

/** How many teams have which score, where mine is, and the baselines as lines. */
export function DistributionPlot({ board, rows }: { board: Leaderboard; rows: readonly LeaderboardRow[] }) {
  const values = rows.filter((row) => !row.baseline).map(({ value }) => value);
  const bins = binsOf(values, BINS);
  const lines = [
    ...rows.filter((row) => row.baseline).map(({ name, value }) => ({ name, value, mine: false })),
    ...(board.me === null ? [] : [{ name: 'you', value: board.me.value, mine: true }]),
  ];
  const cursor = useCursor(
    bins.map(({ low, high }) => (low + high) / 2),
    (index) => textOf(bins[index]),
    'Point at a bar, or use the arrow keys, to read it out.',
  );
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return <p className="dim">Nobody has a score yet.</p>;
  const x = [
    Math.min(first.low, ...lines.map(({ value }) => value)),
    Math.max(last.high, ...lines.map(({ value }) => value)),
  ] as const;
  const y = [0, Math.max(...bins.map(({ count }) => count)) * 1.12] as const;
  return (
    <ChartFigure
      title={`How ${board.primaryMetric} is spread`}
      summary={`${formatCount(values.length, 'team')}, half of them below ${formatValue(median(values))}. Lines are baselines${board.me === null ? '' : ', and you'}.`}
      cursor={cursor}
      table={{
        head: ['From', 'To', 'Teams'],
        rows: bins.map(({ low, high, count }) => [formatValue(low), formatValue(high), String(count)]),
      }}
    >
      <Plot
        x={{ domain: x, ticks: ticksOf(x, 6).map((at) => ({ at, text: formatValue(at) })), title: board.primaryMetric }}
        y={{
          domain: y,
          ticks: ticksOf(y, 4)
            .filter(Number.isInteger)
            .map((at) => ({ at, text: String(at) })),
          title: 'teams',
        }}
        onPoint={cursor.onPoint}
      >
        {({ x: across, y: up, bottom, top, right }) => (
          <>
            {bins.map(({ low, high, count }, index) => (
              <rect
                key={low}
                className={classes.bar}
                x={across(low) + 0.5}
                width={Math.max(1, across(high) - across(low) - 1)}
                y={up(count)}
                height={bottom - up(count)}
                data-chosen={cursor.index === index || undefined}
              />
            ))}
            {lines.map(({ name, value, mine }, index) => {
              const flip = across(value) > right - 90;
              return (
                <g key={`${name} ${value}`} data-mine={mine || undefined} className={classes.line}>
                  <line className={classes.baseline} x1={across(value)} x2={across(value)} y1={top} y2={bottom} />
                  <text
                    className={classes.mark}
                    x={across(value) + (flip ? -5 : 5)}
                    y={top + 10 + (index % 5) * 14}
                    textAnchor={flip ? 'end' : 'start'}
                  >
                    {name}
                  </text>
                </g>
              );
            })}
          </>
        )}
      </Plot>
    </ChartFigure>
  );
}

function textOf(bin: Bin | undefined): string {
  if (bin === undefined) return '';
  return `${formatValue(bin.low)} to ${formatValue(bin.high)}: ${formatCount(bin.count, 'team')}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
