import type { Answers } from './answers.ts';

/** A row and how many teams got it right, with the wrong label that was given most often. */
export interface HardRow {
  readonly row: number;
  readonly right: number;
  readonly mistake: { readonly label: number; readonly count: number } | undefined;
}

/** The rows that the fewest teams have among the `k` best labels; of equal ones the first. */
export function hardestRows({ rows, truth, teams }: Answers, k: number, most: number): HardRow[] {
  const right = Uint32Array.from(rows, (row) => teams.filter(({ ranks }) => isHit(ranks[row], k)).length);
  const order = Array.from(rows.keys()).toSorted((a, b) => (right[a] ?? 0) - (right[b] ?? 0) || a - b);
  return order.slice(0, most).map((index) => {
    const row = rows[index] ?? 0;
    const wrong = teams.flatMap(({ best }) => (best[row] === truth[row] ? [] : [best[row] ?? 0]));
    return { row, right: right[index] ?? 0, mistake: mostFrequent(wrong) };
  });
}

/** A label that was taken for another one, how often, and which part that is of all answers to rows of it. */
export interface Confusion {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  readonly share: number;
}

/** Of all teams together, the most frequent first; of equal ones the lower labels. */
export function confusions({ rows, truth, teams }: Answers, most: number): Confusion[] {
  const counts = new Map<number, number>();
  const asked = new Map<number, number>();
  for (const row of rows) {
    const label = truth[row] ?? 0;
    asked.set(label, (asked.get(label) ?? 0) + teams.length);
    for (const { best } of teams) {
      const given = best[row] ?? 0;
      if (given === label) continue;
      const pair = label * labelRange + given;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  }
  return [...counts]
    .toSorted(([a, countA], [b, countB]) => countB - countA || a - b)
    .slice(0, most)
    .map(([pair, count]) => {
      const label = Math.floor(pair / labelRange);
      return { truth: label, predicted: pair % labelRange, count, share: count / (asked.get(label) ?? 1) };
    });
}

/** More than any key has classes. */
const labelRange = 2 ** 20;

function mostFrequent(labels: readonly number[]): HardRow['mistake'] {
  const counts = Map.groupBy(labels, (label) => label);
  const [first] = [...counts].toSorted(([a, as], [b, bs]) => bs.length - as.length || a - b);
  return first && { label: first[0], count: first[1].length };
}

function isHit(rank: number | undefined, k: number): boolean {
  return rank !== undefined && rank >= 1 && rank <= k;
}
