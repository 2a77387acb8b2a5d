import type { MetricScore } from '../../../core/contract/scores.ts';
import classes from './whisker.module.css';

/** The ends of the axis. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** A score and its interval on the table's common axis: two rows whose lines overlap widely may well be in the other order. Off the axis nothing is drawn. */
export function Whisker({ score, span }: { score: MetricScore; span: Span }) {
  const width = span.high - span.low || 1;
  const percent = (value: number) => `${Math.min(100, Math.max(0, ((value - span.low) / width) * 100)).toFixed(2)}%`;
  return (
    <span className={classes.axis} title={`95 % interval ${score.low.toFixed(4)} to ${score.high.toFixed(4)}`}>
      <span className="visually-hidden">
        {score.low.toFixed(4)} to {score.high.toFixed(4)}
      </span>
      {score.high < span.low || score.low > span.high ? null : (
        <>
          <span
            className={classes.line}
            style={{ left: percent(score.low), right: `calc(100% - ${percent(score.high)})` }}
          />
          <span className={classes.dot} style={{ left: percent(score.value) }} />
        </>
      )}
    </span>
  );
}
