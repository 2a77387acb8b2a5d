import type { LogFiles } from './fetch.ts';

/** What was printed, from a byte on. */
export interface Printed {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** More than any program prints; a student can write what they like into the count. */
const maxTotal = 2 ** 50;

/** How many bytes were printed in all, as the runner counts them. */
export function totalOf(files: LogFiles): number {
  if (files.total.length < 8) return 0;
  const total = files.total.readBigUInt64LE(0);
  return total > BigInt(maxTotal) ? maxTotal : Number(total);
}

/**
 * The bytes from `from` on that are there. The ring is read while it is written: what was counted before the reading (`before`) is whole, and what the
 * writer may have gone over until `after` was counted is left out.
 */
export function printedSince(files: LogFiles, from: number, before: number, after: number): Printed[] {
  const { head, tail } = files;
  const parts: Printed[] = [];
  if (from < head.length && before > from) {
    parts.push({ offset: from, bytes: head.subarray(from, Math.min(before, head.length)) });
  }
  const start = Math.max(from, head.length, after - tail.length);
  if (tail.length > 0 && before > start) {
    const position = (start - head.length) % tail.length;
    const length = before - start;
    const ring = Buffer.concat([
      tail.subarray(position, position + length),
      tail.subarray(0, Math.max(0, position + length - tail.length)),
    ]);
    parts.push({ offset: start, bytes: ring });
  }
  return parts;
}

/** Beginning and end of all that was printed, after the program's end. */
export function wholeLog(files: LogFiles): { head: Uint8Array; tail: Uint8Array; skipped: number } {
  const total = totalOf(files);
  const [first, second] = printedSince(files, 0, total, total);
  const parts = [first, second].filter((part) => part !== undefined);
  const head = parts.find((part) => part.offset < files.head.length)?.bytes ?? new Uint8Array();
  const tail = parts.find((part) => part.offset >= files.head.length)?.bytes ?? new Uint8Array();
  return { head, tail, skipped: Math.max(0, total - head.length - tail.length) };
}
