import type { Queryable } from '../../core/db/sql.ts';
import type { ChangeHub } from '../live/hub.ts';
import { createPages, type Pages } from './pages.ts';
import { readSnapshot, type BoardName, type Snapshot, type WhichBoard } from './snapshot.ts';

/** Boards, kept in the process: reading one costs no query until it changes. */
export interface Boards {
  /** The board as it stands: every change that this process has heard of is in it, and any other within seconds. */
  current(phaseId: number, board: BoardName, part?: string): Promise<KeptBoard>;
}

export interface KeptBoard {
  readonly snapshot: Snapshot;
  readonly pages: Pages;
}

/** While submissions are scored without pause, a board is read this often at most. */
const minReadEveryMs = 100;
/** A board is read again after this time in any case: Redis may have lost what it should have told. */
const trustForMs = 5_000;
const keepAtMost = 100;

export function createBoards(db: Queryable, hub: ChangeHub): Boards {
  const entries = new Map<string, Entry>();
  return {
    current: async (phaseId, board, part) => {
      const name = `${phaseId}-${board}-${part ?? ''}`;
      let entry = entries.get(name);
      if (entry === undefined) {
        const [oldestName, oldest] = entries.entries().next().value ?? [];
        if (entries.size >= keepAtMost && oldestName !== undefined) {
          oldest?.close();
          entries.delete(oldestName);
        }
        entry = createEntry(db, hub, { phaseId, board, part });
        entries.set(name, entry);
      }
      return await entry.current();
    },
  };
}

interface Entry {
  current(): Promise<KeptBoard>;
  close(): void;
}

function createEntry(db: Queryable, hub: ChangeHub, which: WhichBoard): Entry {
  let kept: KeptBoard | undefined;
  let readAtMs = -Infinity;
  let stale = true;
  let reading: Promise<KeptBoard> | undefined;
  const close = hub.onBoard(which.phaseId, () => {
    stale = true;
  });

  const read = async (): Promise<KeptBoard> => {
    const pauseMs = readAtMs + minReadEveryMs - performance.now();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    // What changes from here on is not in this reading.
    stale = false;
    readAtMs = performance.now();
    try {
      const snapshot = await readSnapshot(db, which);
      // Pages that are cut stay, where nothing has changed.
      if (kept?.snapshot.versions.staff !== snapshot.versions.staff) kept = { snapshot, pages: createPages(snapshot) };
      else kept = { snapshot, pages: kept.pages };
      return kept;
    } catch (error) {
      stale = true;
      throw error;
    }
  };

  return {
    close,
    current: async () => {
      // While one is being read, what is kept may lack the very change that it is read for.
      if (kept && !reading && !stale && performance.now() - readAtMs < trustForMs) return kept;
      // A reading that began before the change does not count: it is waited for, and then the next one.
      while (reading) {
        await reading.catch(() => undefined);
        if (kept && !stale) return kept;
      }
      reading = read().finally(() => {
        reading = undefined;
      });
      return await reading;
    },
  };
}
