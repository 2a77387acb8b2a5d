/** What teams answered to the rows of an answer key; all arrays are by row of the key. */
export interface Answers {
  readonly truth: Uint32Array;
  /** Rows that count on a board. */
  readonly rows: Uint32Array;
  readonly teams: readonly TeamAnswers[];
}

export interface TeamAnswers {
  /** The best label. */
  readonly best: Uint32Array;
  /** The rank of the true label, from 1; 0 where it is not in the list. */
  readonly ranks: Uint8Array;
}

/** Evenly taken of these, at most so many. */
export function evenly(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, index) => rows[Math.floor((index * rows.length) / most)] ?? 0);
}
