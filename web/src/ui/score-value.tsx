import type { MetricScore } from '../../../core/contract/scores.ts';
import { formatScore, formatValue, formatWhole } from '../format/number.ts';
import classes from './score-value.module.css';

interface Props {
  readonly score: MetricScore;
  readonly strong?: boolean;
  /** Whether the 95 % interval is written beneath. */
  readonly interval?: boolean;
}

/** A score; its counts and full precision are in the title. A custom metric has neither counts nor an interval. */
export function ScoreValue({ score, strong = false, interval = false }: Props) {
  const { value, rows, hits, low, high } = score;
  const counted = `${formatWhole(rows)} rows: ${value}`;
  return (
    <span className={classes.score} title={hits === undefined ? counted : `${formatWhole(hits)} of ${counted}`}>
      <span className={strong ? classes.strong : undefined}>
        {low === undefined ? formatValue(value) : formatScore(value, rows)}
      </span>
      {interval && low !== undefined && high !== undefined ? (
        <span className={classes.interval}>
          {low.toFixed(3)}–{high.toFixed(3)}
        </span>
      ) : null}
    </span>
  );
}
