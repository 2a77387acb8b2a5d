import { AppError } from '../errors.ts';

/** Bounds how much of one sort goes on at once under one key, in this process: one person's streams, checks, sign-ins. */
export interface Slots<Key> {
  /**
   * @returns a function that gives the slot back, to be called once
   * @throws AppError too-many-requests where none is free
   */
  take(key: Key): () => void;
}

/** @param what is named in the refusal, such as "checks" */
export function createSlots<Key>(most: number, what: string): Slots<Key> {
  const taken = new Map<Key, number>();
  return {
    take: (key) => {
      const count = taken.get(key) ?? 0;
      if (count >= most) {
        throw new AppError(
          'too-many-requests',
          `You have ${most} ${what} under way, and more at once are not taken. Try again when one of them has ended.`,
          { retryAfterS: 2 },
        );
      }
      taken.set(key, count + 1);
      return () => {
        const left = (taken.get(key) ?? 1) - 1;
        if (left === 0) taken.delete(key);
        else taken.set(key, left);
      };
    },
  };
}
