import type { Gradebook } from '../../../core/contract/grades.ts';
import { formatCount } from '../format/number.ts';
import classes from './grades.module.css';
import { formatPoints } from './points.ts';

const WIDTH = 300;
const HEIGHT = 80;
const GAP = 2;

/** How a class did: the numbers that staff look at before they release grades, and a histogram. */
export function SummaryView({ summary, most }: { summary: Gradebook['summary']; most: number }) {
  const { students, missing, mean, standardDeviation, quartiles, histogram } = summary;
  const [least, lower, median, upper, best] = quartiles ?? [];
  const facts: [string, string][] = [
    ['Students', String(students)],
    ['Nothing handed in', String(missing)],
    ['Mean', shown(mean)],
    ['Deviation', shown(standardDeviation)],
    ['Median', shown(median)],
    ['Quartiles', `${shown(lower)} – ${shown(upper)}`],
    ['Range', `${shown(least)} – ${shown(best)}`],
  ];
  return (
    <div className={classes.summary}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <figure className={classes.histogram}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={inWords(histogram)}>
          <Bars histogram={histogram} />
        </svg>
        <figcaption className="label">
          <span>0</span>
          <span>Points</span>
          <span>{formatPoints(most)}</span>
        </figcaption>
      </figure>
    </div>
  );
}

function Bars({ histogram }: { histogram: Gradebook['summary']['histogram'] }) {
  const highest = Math.max(1, ...histogram.map(({ count }) => count));
  const width = WIDTH / histogram.length;
  return histogram.map(({ from, to, count }, i) => {
    const height = (HEIGHT * count) / highest;
    return (
      <rect key={from} className={classes.bar} x={i * width} y={HEIGHT - height} width={width - GAP} height={height}>
        <title>{`${formatPoints(from)} to ${formatPoints(to)} points: ${formatCount(count, 'student')}`}</title>
      </rect>
    );
  });
}

function inWords(histogram: Gradebook['summary']['histogram']): string {
  const bins = histogram.filter(({ count }) => count > 0);
  if (bins.length === 0) return 'Nobody handed anything in';
  return bins
    .map(
      ({ from, to, count }) =>
        `${formatCount(count, 'student')} with ${formatPoints(from)} to ${formatPoints(to)} points`,
    )
    .join(', ');
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? 'none' : formatPoints(value);
}
