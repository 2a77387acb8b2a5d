/** Turns a value of a domain into a place on the page. */
export type Scale = (value: number) => number;

export type Pair = readonly [number, number];

/** A straight scale; a domain without extent is put in the middle. */
export function linearScale([low, high]: Pair, [start, end]: Pair): Scale {
  const extent = high - low;
  return (value) => (extent === 0 ? (start + end) / 2 : start + ((value - low) / extent) * (end - start));
}

/** Round values in a domain, about `count` of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticksOf([low, high]: Pair, count: number): number[] {
  const extent = high - low;
  if (!(extent > 0) || count < 1) return [low];
  const rough = extent / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // Multiplied, not added up: sums of 0.1 drift.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The smallest and the greatest value with some room around; without values 0 to 1. */
export function domainOf(values: readonly number[], room = 0.06): Pair {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const extent = high - low || Math.abs(high) || 1;
  return [low - extent * room, high + extent * room];
}

/** The index of the value that is nearest to `wanted`; -1 where there is none. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let nearest = -1;
  let distance = Infinity;
  for (const [index, value] of values.entries()) {
    if (Math.abs(value - wanted) >= distance) continue;
    nearest = index;
    distance = Math.abs(value - wanted);
  }
  return nearest;
}
