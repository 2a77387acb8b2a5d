/**
 * How long to wait, in milliseconds, before the next try to reach a Redis that is away. BullMQ's own waits grow to twenty seconds, and that long
 * nobody would answer a Redis that is back.
 */
export function reconnectAfter(tries: number): number {
  return Math.min(100 * tries, 1_000);
}
