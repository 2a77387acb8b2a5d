import type { MetricScore } from '../../../core/contract/scores.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import type { Sort } from './search.ts';

/** A scored submission on the way of a team. */
export interface ProgressPoint {
  readonly submission: Submission;
  readonly at: number;
  readonly score: MetricScore;
  /** The best value up to it. */
  readonly best: number;
  /** Whether it was the best when it came. */
  readonly isBest: boolean;
}

/** What a team's submissions scored on the public board, oldest first, and the best so far; what is disqualified is left out. */
export function progressOf(
  submissions: readonly Submission[],
  metric: string,
  higherIsBetter: boolean,
): ProgressPoint[] {
  const points: ProgressPoint[] = [];
  let best: number | undefined;
  for (const submission of submissions.toSorted((a, b) => a.id - b.id)) {
    const score = submission.scores?.public[metric];
    if (score === undefined || submission.disqualified !== undefined) continue;
    const isBest = best === undefined || (higherIsBetter ? score.value > best : score.value < best);
    best = isBest || best === undefined ? score.value : best;
    points.push({ submission, at: Date.parse(submission.receivedAt), score, best, isBest });
  }
  return points;
}

/** By when they came, or by a metric's public score: what has none goes last, and what came first goes before its equals. */
export function sortSubmissions(
  submissions: readonly Submission[],
  order: Sort,
  { metric, higherIsBetter }: { readonly metric: string; readonly higherIsBetter: boolean },
): Submission[] {
  if (order === 'newest') return submissions.toSorted((a, b) => b.id - a.id);
  if (order === 'oldest') return submissions.toSorted((a, b) => a.id - b.id);
  const valueOf = (submission: Submission) => {
    const value = submission.scores?.public[metric]?.value;
    if (value === undefined) return -Infinity;
    return higherIsBetter ? value : -value;
  };
  // Not by the difference: of two without a score it is not a number.
  return submissions.toSorted((a, b) => {
    const [first, second] = [valueOf(a), valueOf(b)];
    return first === second ? a.id - b.id : second > first ? 1 : -1;
  });
}
