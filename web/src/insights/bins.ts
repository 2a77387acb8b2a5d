const hourMs = 3_600_000;

/** Hours that are drawn as one. */
export interface Bin {
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** All hours from the first to the last, those without anything too, so many together that there are at most `most`. @param hours in order */
export function binsOf(hours: readonly { readonly at: string; readonly count: number }[], most: number): Bin[] {
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last) return [];
  const start = Date.parse(first.at);
  const total = (Date.parse(last.at) - start) / hourMs + 1;
  const widthMs = Math.ceil(total / most) * hourMs;
  const counts = Array.from({ length: Math.ceil((total * hourMs) / widthMs) }, () => 0);
  for (const { at, count } of hours) {
    const index = Math.floor((Date.parse(at) - start) / widthMs);
    counts[index] = (counts[index] ?? 0) + count;
  }
  return counts.map((count, index) => ({ from: start + index * widthMs, to: start + (index + 1) * widthMs, count }));
}
