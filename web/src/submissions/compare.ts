import type { MetricScore } from '../../../core/contract/scores.ts';
import { formatValue } from '../format/number.ts';

/** What a second score is, against a first one. */
export interface Comparison {
  /** With its sign. */
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
  /** Whether their 95 % intervals overlap; false where there are none. */
  readonly mayBeChance: boolean;
}

/** Undefined where one of them is not there. */
export function compareScores(
  before: MetricScore | undefined,
  after: MetricScore | undefined,
  higherIsBetter: boolean,
): Comparison | undefined {
  if (before === undefined || after === undefined) return undefined;
  const difference = after.value - before.value;
  if (difference === 0) return { text: 'the same', tone: 'plain', mayBeChance: false };
  return {
    text: `${difference > 0 ? '+' : '−'}${formatValue(Math.abs(difference))}`,
    tone: difference > 0 === higherIsBetter ? 'good' : 'bad',
    mayBeChance: overlap(before, after),
  };
}

function overlap(a: MetricScore, b: MetricScore): boolean {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return false;
  return a.low <= b.high && b.low <= a.high;
}
