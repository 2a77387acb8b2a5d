import type { Pair } from '../charts/scale.ts';
import { instantOf, localOf } from './zoned.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A date that a timeline shows. */
export interface TimelineMark {
  readonly name: string;
  readonly title: string;
  /** ISO 8601; null: there is none. */
  readonly at: string | null;
  /** What is said where there is none. */
  readonly none?: string;
  readonly error?: string | undefined;
}

/** From when to when a timeline goes, in milliseconds: all its dates and some room, and now, unless that is far from them. */
export function timelineDomain(instants: readonly (string | null)[], nowMs: number): Pair {
  const times = instants.flatMap((at) => (at === null ? [] : [Date.parse(at)]));
  if (times.length === 0) return [nowMs - 7 * dayMs, nowMs + 14 * dayMs];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const near = Math.max(last - first, 14 * dayMs);
  const isNear = nowMs > first - near && nowMs < last + near;
  const [from, to] = isNear ? [Math.min(first, nowMs), Math.max(last, nowMs)] : [first, last];
  const room = Math.max((to - from) * 0.08, dayMs);
  return [from - room, to + room];
}

/** An instant some days later by the clock of a zone, at the same time of the day, and some hours later by any clock. */
export function laterBy(
  at: string,
  { days = 0, hours = 0 }: { days?: number; hours?: number },
  timeZone: string,
): string {
  const wall = new Date(Date.parse(`${localOf(at, timeZone)}Z`) + days * dayMs).toISOString();
  const sameClock = days === 0 ? at : (instantOf(wall.slice(0, 19), timeZone) ?? at);
  return new Date(Date.parse(sameClock) + hours * hourMs).toISOString();
}

/** Midnights of a zone within a domain, at most `most` of them, at even distances in days. */
export function midnights([from, to]: Pair, most: number, timeZone: string): number[] {
  const days = (to - from) / dayMs;
  const step = [1, 2, 7, 14, 28, 56, 91, 182, 364].find((size) => days / size <= most) ?? Math.ceil(days / most);
  const first = Date.parse(`${localOf(new Date(from).toISOString(), timeZone).slice(0, 10)}T00:00Z`);
  const ticks: number[] = [];
  for (let wall = first + dayMs; ticks.length <= most; wall += step * dayMs) {
    const at = Date.parse(instantOf(new Date(wall).toISOString().slice(0, 16), timeZone) ?? '');
    if (!(at <= to)) break;
    ticks.push(at);
  }
  return ticks;
}
