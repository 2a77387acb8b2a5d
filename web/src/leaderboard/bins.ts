import { domainOf, ticksOf, type Pair } from '../charts/scale.ts';

export interface Bin {
  /** From, included. */
  readonly low: number;
  /** To, not included but in the last bin. */
  readonly high: number;
  readonly count: number;
}

/** How many values are in each of about `wanted` ranges between round numbers; the ranges follow each other without a gap. */
export function binsOf(values: readonly number[], wanted: number): Bin[] {
  if (values.length === 0) return [];
  const domain: Pair = domainOf(values, 0);
  const [first = domain[0], second] = ticksOf(widened(domain), wanted);
  const step = second === undefined ? 1 : second - first;
  const from = Math.floor(domain[0] / step);
  const count = Math.floor(domain[1] / step) - from + 1;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    // A value on a border may be a hair below it once it is divided.
    const index = Math.min(count - 1, Math.max(0, Math.floor(value / step + 1e-9) - from));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const border = (index: number) => Number(((from + index) * step).toPrecision(12));
  return counts.map((each, index) => ({ low: border(index), high: border(index + 1), count: each }));
}

/** Of a single value something around it. */
function widened([low, high]: Pair): Pair {
  return low === high ? domainOf([low], 0.05) : [low, high];
}
