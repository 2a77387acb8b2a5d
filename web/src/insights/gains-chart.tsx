import type { Insights } from '../../../core/contract/insights.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import charts from '../charts/charts.module.css';
import { Plot, type Drawing } from '../charts/plot.tsx';
import { domainOf, ticksOf } from '../charts/scale.ts';
import { timeTicks } from '../charts/time-ticks.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { formatInstant } from '../format/time.ts';
import classes from './insights.module.css';

interface Props {
  readonly gains: Insights['gains'];
  readonly metric: string;
  readonly timeZone: string;
}

/** More would run into each other. */
const MOST_DOTS = 40;

/** How the class got better: the best public score so far, and the median of the teams' best. */
export function GainsChart({ gains, metric, timeZone }: Props) {
  const times = gains.map(({ at }) => Date.parse(at));
  const cursor = useCursor(
    times,
    (index) => {
      const gain = gains[index];
      return gain === undefined
        ? ''
        : `By ${formatInstant(gain.at, timeZone)}: best ${formatValue(gain.best)}, median ${formatValue(gain.median)} of ${formatCount(gain.teams, 'team')}`;
    },
    'Point at a time, or use the arrow keys',
  );
  const [first, last] = [gains[0], gains.at(-1)];
  if (first === undefined || last === undefined) return null;
  const domain = [times[0] ?? 0, times.at(-1) ?? 1] as const;
  const range = domainOf(gains.flatMap(({ best, median }) => [best, median]));
  const chosen = cursor.index === undefined ? undefined : times[cursor.index];
  return (
    <ChartFigure
      title="Gains over time"
      summary={`The best ${metric} on the public board went from ${formatValue(first.best)} to ${formatValue(last.best)}, the median of the teams’ best from ${formatValue(first.median)} to ${formatValue(last.median)}.`}
      table={{
        head: ['By', 'Best', 'Median', 'Teams'],
        rows: gains.map(({ at, best, median, teams }) => [
          formatInstant(at, timeZone),
          formatValue(best),
          formatValue(median),
          String(teams),
        ]),
      }}
      legend={
        <ul className={charts['legend']}>
          <li data-shape="line">Best</li>
          <li data-shape="line" className={charts['me']}>
            Median team
          </li>
        </ul>
      }
      cursor={cursor}
    >
      <Plot
        x={{ domain, ticks: timeTicks(domain, 6, timeZone), title: '' }}
        y={{ domain: range, ticks: ticksOf(range, 4).map((at) => ({ at, text: formatValue(at) })), title: metric }}
        height={240}
        onPoint={cursor.onPoint}
      >
        {(drawing) => (
          <>
            {chosen === undefined ? null : (
              <line
                className={charts['cursor']}
                x1={drawing.x(chosen)}
                x2={drawing.x(chosen)}
                y1={drawing.top}
                y2={drawing.bottom}
              />
            )}
            <path
              className={`${charts['runner']} ${charts['me']}`}
              d={stairs(gains, ({ median }) => median, drawing)}
            />
            <path className={charts['best']} d={stairs(gains, ({ best }) => best, drawing)} />
            {gains.length > MOST_DOTS
              ? null
              : gains.map(({ at, best, median }) => (
                  <g key={at}>
                    <circle className={classes.median} cx={drawing.x(Date.parse(at))} cy={drawing.y(median)} r={3} />
                    <circle className={charts['dot']} cx={drawing.x(Date.parse(at))} cy={drawing.y(best)} r={3} />
                  </g>
                ))}
          </>
        )}
      </Plot>
    </ChartFigure>
  );
}

/** What was the best stays so until it is beaten. */
function stairs(gains: Props['gains'], valueOf: (gain: Props['gains'][number]) => number, { x, y }: Drawing): string {
  return gains
    .map((gain, index) => {
      const [atX, atY] = [x(Date.parse(gain.at)).toFixed(1), y(valueOf(gain)).toFixed(1)];
      return index === 0 ? `M${atX} ${atY}` : `H${atX}V${atY}`;
    })
    .join('');
}
