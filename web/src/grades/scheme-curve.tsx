import type { Performance } from '../../../core/contract/grade-scheme.ts';
import { Plot } from '../charts/plot.tsx';
import { formatValue } from '../format/number.ts';
import classes from './grades.module.css';
import { cornersOf } from './curve-corners.ts';

/** What scores are worth, drawn while the scheme is written. The fields beside it say the same in words. */
export function SchemeCurve({ performance }: { performance: Performance }) {
  const corners = cornersOf(performance);
  const [first, last] = [corners[0], corners.at(-1)];
  if (first === undefined || last === undefined) return null;
  const most = Math.max(last.points, 1);
  const { anchors } = performance;
  const told = anchors.map(({ name, score, points }) => `${name} at ${score}: ${points}`).join(', ');
  const tick = (at: number) => ({ at, text: formatValue(at) });
  return (
    <div className={classes.curve} role="img" aria-label={`Points by score: ${told}`}>
      <Plot
        x={{
          domain: [first.score, last.score],
          ticks: anchors.map(({ score }) => tick(score)),
          title: 'private score',
        }}
        y={{ domain: [0, most], ticks: [0, most].map(tick), title: 'points' }}
        height={200}
      >
        {({ x, y }) => (
          <>
            <path
              className={classes.curveLine}
              d={corners.map(({ score, points }, i) => `${i === 0 ? 'M' : 'L'}${x(score)} ${y(points)}`).join('')}
            />
            {anchors.map(({ name, score, points }, i) => (
              <g key={`${i} ${name}`}>
                <circle cx={x(score)} cy={y(points)} r={4} />
                <text x={x(score) + 8} y={y(points) + 16}>
                  {name}
                </text>
              </g>
            ))}
          </>
        )}
      </Plot>
    </div>
  );
}
