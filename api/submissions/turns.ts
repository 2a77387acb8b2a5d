import { AppError } from '../errors.ts';

/** Runs work one after the other for each key, and side by side for different ones. */
export type Turns = <T>(key: number, work: () => Promise<T>) => Promise<T>;

/**
 * What waits for a lock in Postgres holds a connection, and a team that submits often could hold them all: here it waits without one.
 * Whoever has not had a turn within `maxWaitMs` is refused with `unavailable`, before its work began.
 */
export function createTurns(maxWaitMs: number): Turns {
  const last = new Map<number, Promise<unknown>>();
  return async (key, work) => {
    const askedMs = performance.now();
    const start = async () => {
      if (performance.now() - askedMs > maxWaitMs) {
        throw new AppError(
          'unavailable',
          'Too many submissions of your team wait to be taken. Try again in a moment.',
          { retryAfterS: 5 },
        );
      }
      return await work();
    };
    const mine = (last.get(key) ?? Promise.resolve()).then(start, start);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
