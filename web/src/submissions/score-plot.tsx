import { ChartFigure } from '../charts/chart-figure.tsx';
import classes from '../charts/charts.module.css';
import { type Drawing, Plot } from '../charts/plot.tsx';
import { domainOf, ticksOf } from '../charts/scale.ts';
import { timeTicks } from '../charts/time-ticks.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { formatInstant } from '../format/time.ts';
import type { ProgressPoint } from './progress.ts';

interface Props {
  readonly metric: string;
  readonly points: readonly ProgressPoint[];
  readonly timeZone: string;
}

/** A team's public scores over time, each with its interval, and the best so far as a line. */
export function ScorePlot({ metric, points, timeZone }: Props) {
  const times = points.map(({ at }) => at);
  const cursor = useCursor(
    times,
    (index) => textOf(points[index], timeZone),
    'Point at a score, or use the arrow keys, to read it out.',
  );
  const x = domainOf(times, 0.04);
  const y = domainOf(points.flatMap(({ score: { value, low = value, high = value } }) => [low, high]));
  const last = points.at(-1);
  return (
    <ChartFigure
      title={`My ${metric} over time`}
      summary={`${formatCount(points.length, 'score')}, the best ${formatValue(last?.best ?? 0)}. The whiskers are 95 % intervals; the line is the best so far.`}
      cursor={cursor}
      table={{
        head: ['Submission', 'Received', metric, 'Interval', 'Best so far'],
        rows: points.map(({ submission, score, best }) => [
          `#${submission.id}`,
          formatInstant(submission.receivedAt, timeZone),
          formatValue(score.value),
          score.low === undefined || score.high === undefined
            ? '–'
            : `${score.low.toFixed(4)} to ${score.high.toFixed(4)}`,
          formatValue(best),
        ]),
      }}
    >
      <Plot
        x={{ domain: x, ticks: timeTicks(x, 3, timeZone), title: 'received' }}
        y={{ domain: y, ticks: ticksOf(y, 5).map((at) => ({ at, text: formatValue(at) })), title: metric }}
        onPoint={cursor.onPoint}
      >
        {(drawing) => <Marks points={points} drawing={drawing} chosen={cursor.index} />}
      </Plot>
    </ChartFigure>
  );
}

interface MarksProps {
  readonly points: readonly ProgressPoint[];
  readonly drawing: Drawing;
  readonly chosen: number | undefined;
}

function Marks({ points, drawing: { x, y, right }, chosen }: MarksProps) {
  const steps = points.map(({ at, best }, index) =>
    index === 0 ? `M${x(at).toFixed(1)} ${y(best).toFixed(1)}` : `H${x(at).toFixed(1)}V${y(best).toFixed(1)}`,
  );
  return (
    <>
      <path className={classes.best} d={`${steps.join('')}H${right}`} />
      {points.map(({ submission: { id }, at, score: { value, low, high }, isBest }, index) => (
        <g key={id}>
          {low === undefined || high === undefined ? null : (
            <line className={classes.interval} x1={x(at)} x2={x(at)} y1={y(low)} y2={y(high)} />
          )}
          <circle
            className={classes.dot}
            cx={x(at)}
            cy={y(value)}
            r={chosen === index ? 6 : 4}
            data-best={isBest || undefined}
            data-chosen={chosen === index || undefined}
          />
        </g>
      ))}
    </>
  );
}

function textOf(point: ProgressPoint | undefined, timeZone: string): string {
  if (point === undefined) return '';
  const { submission, score, best, isBest } = point;
  const note = submission.note === '' ? '' : `, “${submission.note}”`;
  return `#${submission.id}${note}, ${formatInstant(submission.receivedAt, timeZone)}: ${formatValue(score.value)}${isBest ? ', a new best' : `, best so far ${formatValue(best)}`}`;
}
