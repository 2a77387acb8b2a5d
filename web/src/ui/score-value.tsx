import type { MetricScore } from '../../../core/contract/scores.ts';
import { formatScore } from '../format/number.ts';
import classes from './score-value.module.css';

interface Props {
  readonly score: MetricScore;
  readonly strong?: boolean;
  /** Whether the 95 % interval is written beneath. */
  readonly interval?: boolean;
}

/** A score; its counts and full precision are in the title. */
export function ScoreValue({ score, strong = false, interval = false }: Props) {
  const { value, rows, hits, low, high } = score;
  return (
    <span
      className={classes.score}
      title={`${hits.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows: ${value}`}
    >
      <span className={strong ? classes.strong : undefined}>{formatScore(value, rows)}</span>
      {interval ? (
        <span className={classes.interval}>
          {low.toFixed(3)}–{high.toFixed(3)}
        </span>
      ) : null}
    </span>
  );
}
