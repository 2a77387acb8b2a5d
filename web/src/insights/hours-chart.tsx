import type { Insights } from '../../../core/contract/insights.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import charts from '../charts/charts.module.css';
import { Plot } from '../charts/plot.tsx';
import { ticksOf } from '../charts/scale.ts';
import { timeTicks } from '../charts/time-ticks.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { formatCount } from '../format/number.ts';
import { formatInstant } from '../format/time.ts';
import { binsOf } from './bins.ts';

const MOST_BARS = 96;
const HOUR_MS = 3_600_000;

/** When submissions came. */
export function HoursChart({ hours, timeZone }: { hours: Insights['hours']; timeZone: string }) {
  const bins = binsOf(hours, MOST_BARS);
  const when = (ms: number) => formatInstant(new Date(ms).toISOString(), timeZone);
  const cursor = useCursor(
    bins.map(({ from, to }) => (from + to) / 2),
    (index) => {
      const bin = bins[index];
      return bin === undefined ? '' : `From ${when(bin.from)}: ${formatCount(bin.count, 'submission')}`;
    },
    'Point at a bar, or use the arrow keys',
  );
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return null;
  const most = bins.reduce((max, { count }) => Math.max(max, count), 0);
  const busiest = bins.find(({ count }) => count === most) ?? first;
  const each = (first.to - first.from) / HOUR_MS;
  const domain = [first.from, last.to] as const;
  return (
    <ChartFigure
      title={each === 1 ? 'Submissions per hour' : `Submissions per ${each} hours`}
      summary={`${formatCount(
        bins.reduce((sum, { count }) => sum + count, 0),
        'submission',
      )}; the most, ${most}, from ${when(busiest.from)}.`}
      table={{
        head: ['Hour', 'Submissions'],
        rows: hours.slice(-500).map(({ at, count }) => [formatInstant(at, timeZone), String(count)]),
        of: hours.length,
      }}
      cursor={cursor}
    >
      <Plot
        x={{ domain, ticks: timeTicks(domain, 6, timeZone), title: '' }}
        y={{
          domain: [0, most],
          ticks: ticksOf([0, most], 4)
            .filter(Number.isInteger)
            .map((at) => ({ at, text: String(at) })),
          title: 'submissions',
        }}
        height={220}
        onPoint={cursor.onPoint}
      >
        {({ x, y, bottom }) =>
          bins.map(({ from, to, count }, index) => (
            <rect
              key={from}
              className={charts['bar']}
              data-chosen={index === cursor.index || undefined}
              x={x(from)}
              width={Math.max(1, x(to) - x(from) - 1)}
              y={y(count)}
              height={bottom - y(count)}
            />
          ))
        }
      </Plot>
    </ChartFigure>
  );
}
