import type { Insights } from '../../../core/contract/insights.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import charts from '../charts/charts.module.css';
import { Plot } from '../charts/plot.tsx';
import { domainOf, ticksOf } from '../charts/scale.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { formatCount, formatValue } from '../format/number.ts';
import classes from './insights.module.css';

interface Props {
  readonly standings: Insights['standings'];
  readonly metric: string;
}

/** Public against private score of what counts: who is far from the line was lucky, or looked at the public board too much. */
export function BoardsChart({ standings, metric }: Props) {
  const points = standings.toSorted((a, b) => a.public - b.public);
  const cursor = useCursor(
    points.map((point) => point.public),
    (index) => {
      const point = points[index];
      return point === undefined
        ? ''
        : `${point.team}: public ${formatValue(point.public)}, private ${formatValue(point.private)}`;
    },
    'Point at a team, or use the arrow keys',
  );
  if (points.length === 0) return null;
  const range = domainOf(points.flatMap((point) => [point.public, point.private]));
  const ticks = ticksOf(range, 5).map((at) => ({ at, text: formatValue(at) }));
  const lower = points.filter((point) => point.private < point.public).length;
  return (
    <ChartFigure
      title="Public against private"
      summary={`${formatCount(points.length, 'team')}; of ${lower} the private ${metric} is lower than the public one.`}
      table={{
        head: ['Team', 'Public', 'Private', 'Difference'],
        rows: standings
          .slice(0, 500)
          .map((point) => [
            point.team,
            formatValue(point.public),
            formatValue(point.private),
            formatValue(point.private - point.public),
          ]),
        of: standings.length,
      }}
      cursor={cursor}
    >
      <Plot
        x={{ domain: range, ticks, title: `public ${metric}` }}
        y={{ domain: range, ticks, title: `private ${metric}` }}
        height={320}
        onPoint={cursor.onPoint}
      >
        {({ x, y }) => (
          <>
            <line className={charts['baseline']} x1={x(range[0])} y1={y(range[0])} x2={x(range[1])} y2={y(range[1])} />
            {points.map((point, index) => (
              <circle
                key={point.submissionId}
                className={classes.point}
                data-chosen={index === cursor.index || undefined}
                cx={x(point.public)}
                cy={y(point.private)}
                r={index === cursor.index ? 6 : 4}
              />
            ))}
          </>
        )}
      </Plot>
    </ChartFigure>
  );
}
