import type { AnswerKey } from '../scoring/key-memory.ts';

/** A compiled key in use. Threads that score with it at the same time work in different arenas of its memory. */
export type CachedKey = { token: number; key: AnswerKey; takeArena(): Arena };
export type Arena = {
  index: number;
  free(): void;
  /** Instead of `free` after a run was killed: its thread may still be writing for a moment. */
  abandon(): void;
};

export type KeyCache = {
  /** The key with this name, compiled by `compile` if it is not there; callers at the same time share one compilation. */
  get(name: string, compile: () => Promise<AnswerKey>): Promise<CachedKey>;
  set(name: string, key: AnswerKey): void;
};

const MAX_ABANDONED = 8;

type Entry = { cached: Promise<CachedKey>; bytes: () => number };

/** Keeps the keys used last, up to `maxBytes` of their memory; the one asked for stays even if it is larger than that. */
export function createKeyCache(maxBytes: number): KeyCache {
  const entries = new Map<string, Entry>();
  let tokens = 0;

  function get(name: string, compile: () => Promise<AnswerKey>): Promise<CachedKey> {
    const entry = entries.get(name) ?? createEntry(name, compile());
    entries.delete(name);
    entries.set(name, entry);
    return entry.cached;
  }

  function createEntry(name: string, compiling: Promise<AnswerKey>): Entry {
    let compiled: AnswerKey | undefined;
    const entry: Entry = {
      bytes: () => compiled?.memory.buffer.byteLength ?? 0,
      cached: compiling.then(
        (key) => {
          compiled = key;
          shrink(entry);
          return createCached(key, () => forget(name, entry));
        },
        (error: unknown) => {
          forget(name, entry);
          throw error;
        },
      ),
    };
    return entry;
  }

  function createCached(key: AnswerKey, drop: () => void): CachedKey {
    const busy = new Set<number>();
    let abandoned = 0;
    const token = ++tokens;
    return {
      token,
      key,
      takeArena() {
        let index = 0;
        while (busy.has(index)) index++;
        busy.add(index);
        return {
          index,
          free: () => void busy.delete(index),
          abandon() {
            abandoned++;
            if (abandoned > MAX_ABANDONED) drop();
          },
        };
      },
    };
  }

  function forget(name: string, entry: Entry): void {
    if (entries.get(name) === entry) entries.delete(name);
  }

  function shrink(kept: Entry): void {
    let total = 0;
    for (const entry of entries.values()) total += entry.bytes();
    for (const [name, entry] of entries) {
      if (total <= maxBytes) return;
      if (entry === kept) continue;
      total -= entry.bytes();
      entries.delete(name);
    }
  }

  return {
    get,
    set(name, key) {
      const entry = createEntry(name, Promise.resolve(key));
      entries.delete(name);
      entries.set(name, entry);
    },
  };
}
