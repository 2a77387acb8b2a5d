import type { Performance } from '../../../core/contract/grade-scheme.ts';
import { formatValue } from '../format/number.ts';
import classes from './grades.module.css';
import { cornersOf } from './curve-corners.ts';

const width = 480;
const height = 160;
const pad = { left: 34, right: 12, top: 10, bottom: 34 };

/** What scores are worth, drawn while the scheme is written. The fields beside it say the same in words. */
export function SchemeCurve({ performance }: { performance: Performance }) {
  const corners = cornersOf(performance);
  const [first, last] = [corners[0], corners.at(-1)];
  if (first === undefined || last === undefined) return null;
  const most = Math.max(last.points, 1);
  const x = (score: number) =>
    pad.left + ((score - first.score) / (last.score - first.score)) * (width - pad.left - pad.right);
  const y = (points: number) => height - pad.bottom - (points / most) * (height - pad.top - pad.bottom);
  const path = corners.map(({ score, points }, i) => `${i === 0 ? 'M' : 'L'}${x(score)} ${y(points)}`).join('');
  const told = performance.anchors.map(({ name, score, points }) => `${name} at ${score}: ${points}`).join(', ');
  return (
    <svg
      className={classes.curve}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Points by score: ${told}`}
    >
      {[0, most].map((points) => (
        <g key={points}>
          <path className={classes.grid} d={`M${pad.left} ${y(points)}H${width - pad.right}`} />
          <text x={pad.left - 6} y={y(points) + 4} textAnchor="end">
            {formatValue(points)}
          </text>
        </g>
      ))}
      <path className={classes.curveLine} d={path} />
      {performance.anchors.map(({ name, score, points }, i) => (
        <g key={`${i} ${name}`}>
          <circle cx={x(score)} cy={y(points)} r={4} />
          <text x={x(score)} y={height - pad.bottom + 15} textAnchor="middle">
            {formatValue(score)}
          </text>
          <text x={x(score)} y={height - pad.bottom + 29} textAnchor="middle" className={classes.curveName}>
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
}
