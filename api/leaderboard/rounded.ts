import type { BoardScores } from '../../core/contract/scores.ts';

const digits = 1e5;

/** To five decimals: one row of a large answer key does not show in it. */
export function rounded(value: number): number {
  return Math.round(value * digits) / digits;
}

/**
 * Public scores as students see them while private ones are hidden: without the count of hits, which would tell a program that changes one row at a
 * time whether its guess was right. What is ranked by stays as it is.
 */
export function roundedScores(scores: BoardScores): BoardScores {
  return Object.fromEntries(
    Object.entries(scores).map(([metric, { value, rows, low, high }]) => [
      metric,
      {
        value: rounded(value),
        rows,
        ...(low !== undefined && { low: rounded(low) }),
        ...(high !== undefined && { high: rounded(high) }),
      },
    ]),
  );
}
