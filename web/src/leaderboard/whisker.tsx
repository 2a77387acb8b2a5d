import type { MetricScore } from '../../../core/contract/scores.ts';
import classes from './whisker.module.css';

/** The ends of the axis. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** A score and its interval on the table's common axis: two rows whose lines overlap widely may well be in the other order. Off the axis nothing is drawn. */
export function Whisker({ score: { value, low, high }, span }: { score: MetricScore; span: Span }) {
  if (low === undefined || high === undefined) return null;
  const width = span.high - span.low || 1;
  const percent = (at: number) => `${Math.min(100, Math.max(0, ((at - span.low) / width) * 100)).toFixed(2)}%`;
  return (
    <span className={classes.axis} title={`95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`}>
      <span className="visually-hidden">
        {low.toFixed(4)} to {high.toFixed(4)}
      </span>
      {high < span.low || low > span.high ? null : (
        <>
          <span className={classes.line} style={{ left: percent(low), right: `calc(100% - ${percent(high)})` }} />
          <span className={classes.dot} style={{ left: percent(value) }} />
        </>
      )}
    </span>
  );
}
