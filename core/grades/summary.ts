import { roundTo } from './round.ts';

/** What a teacher looks at before grades are released. The statistics are over those who handed something in. */
export interface GradeSummary {
  readonly students: number;
  /** Those who handed nothing in. */
  readonly missing: number;
  /** Null: nobody handed anything in. */
  readonly mean: number | null;
  /** Of the class as a whole, not an estimate from a sample of it. */
  readonly standardDeviation: number | null;
  /** The least, the quartiles, and the most; interpolated as spreadsheets do (QUARTILE.INC). */
  readonly quartiles: readonly [number, number, number, number, number] | null;
  /** Equally wide from 0 to the most that can be had; the last bin holds its upper end. */
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

const bins = 10;

/** @param most the most points that can be had */
export function summarise(
  grades: readonly { readonly points: number; readonly missing: boolean }[],
  most: number,
): GradeSummary {
  const points = grades.filter(({ missing }) => !missing).map((grade) => grade.points);
  const sorted = points.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const at = (quarter: number) => roundTo(2, quantile(sorted, quarter / 4));
  const empty = sorted.length === 0;
  return {
    students: grades.length,
    missing: grades.length - sorted.length,
    mean: empty ? null : roundTo(2, mean),
    standardDeviation: empty ? null : roundTo(2, Math.sqrt(variance)),
    quartiles: empty ? null : [at(0), at(1), at(2), at(3), at(4)],
    histogram: histogramOf(sorted, most),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const [below = 0, above = below] = sorted.slice(Math.floor(position), Math.floor(position) + 2);
  return below + (position - Math.floor(position)) * (above - below);
}

function histogramOf(points: readonly number[], most: number) {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of points) {
    const bin = most > 0 ? Math.min(bins - 1, Math.floor((value / most) * bins)) : 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edge = (i: number) => roundTo(2, (most * i) / bins);
  return counts.map((count, i) => ({ from: edge(i), to: edge(i + 1), count }));
}
