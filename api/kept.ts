/** Values that are read once and kept for a while, by name. */
export interface Kept<T> {
  get(name: string): Promise<T | undefined>;
  /** Forgets everything; a reading that has begun is not kept either, since it may be from before the change. */
  forget(): void;
}

interface KeptOptions<T> {
  readonly keepMs: number;
  /** All are forgotten when there are more. */
  readonly keepAtMost: number;
  /** Undefined is never kept. */
  readonly read: (name: string) => Promise<T | undefined>;
}

export function createKept<T>({ keepMs, keepAtMost, read }: KeptOptions<T>): Kept<T> {
  const kept = new Map<string, { value: T; until: number }>();
  let generation = 0;
  return {
    get: async (name) => {
      const known = kept.get(name);
      if (known && known.until > performance.now()) return known.value;
      kept.delete(name);
      const begunIn = generation;
      const value = await read(name);
      if (value === undefined || begunIn !== generation) return value;
      if (kept.size >= keepAtMost) kept.clear();
      kept.set(name, { value, until: performance.now() + keepMs });
      return value;
    },
    forget: () => {
      generation++;
      kept.clear();
    },
  };
}
