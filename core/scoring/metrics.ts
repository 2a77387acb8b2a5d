/** A built-in metric: the share of rows whose true label is among the `k` best. */
export type Metric = { name: string; k: number };
export type Split = 'public' | 'private';
/** `value` is `hits / rows`; `low` and `high` bound its 95 % interval. */
export type MetricScore = { value: number; rows: number; hits: number; low: number; high: number };
/** Scores by metric name. A split without rows holds no metrics. */
export type Scores = Record<Split, Record<string, MetricScore>>;

/** The longest list of ranked labels that is read from a row. */
export const MAX_LABELS = 100;

/** Reads `top1`, `top5` or `topk(3)`, with k from 1 to 100. */
export function parseMetric(name: string): Metric | undefined {
  if (name === 'top1') return { name, k: 1 };
  if (name === 'top5') return { name, k: 5 };
  const digits = /^topk\(([1-9]\d{0,2})\)$/.exec(name)?.[1];
  const k = Number(digits);
  return digits !== undefined && k <= MAX_LABELS ? { name, k } : undefined;
}

/** The score of `hits` rows out of `rows`, at least one. */
export function scoreOf(hits: number, rows: number): MetricScore {
  return { value: hits / rows, rows, hits, ...wilson(hits, rows) };
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The 95 % score interval of a proportion: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927), 209–212; as in Brown, Cai and DasGupta, Statistical Science 16 (2001), 101–133, equation 4. No rows say nothing: [0, 1].
 */
export function wilson(hits: number, rows: number): { low: number; high: number } {
  if (rows === 0) return { low: 0, high: 1 };
  const share = hits / rows;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (Z / (1 + z2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows));
  // At 0 and 1 the bound is exact; rounding must not push it to 1 - 1e-17 or below 0.
  return { low: hits === 0 ? 0 : middle - half, high: hits === rows ? 1 : middle + half };
}
