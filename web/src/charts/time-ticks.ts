import type { Pair } from './scale.ts';

const dayMs = 86_400_000;

/** Times at even distances within a domain in milliseconds, written in the course's zone: as days, or as hours where there are less than three days. */
export function timeTicks([from, to]: Pair, count: number, timeZone: string): { at: number; text: string }[] {
  const asDays = to - from >= 3 * dayMs;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    ...(asDays
      ? { month: 'short', day: 'numeric' }
      : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  });
  const ticks = Array.from({ length: count }, (_, index) => from + ((index + 0.5) / count) * (to - from));
  return ticks.map((at) => ({ at, text: format.format(at) }));
}
