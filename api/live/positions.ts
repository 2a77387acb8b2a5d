import { z } from 'zod';
import { rows, type Queryable } from '../../core/db/sql.ts';
import type { Log } from '../../core/log.ts';

/** What waits, by submission: its place among what needs the same graders, 1 being next. */
export type Positions = ReadonlyMap<number, number>;

/**
 * Tells everybody who waits where they stand: one query a second for all of them, and none while nobody listens. It needs no Redis, so a
 * stream that missed a change learns of it here.
 */
export interface QueuePositions {
  /** @returns a function that stops listening */
  listen(listener: (positions: Positions) => void): () => void;
  close(): void;
}

const everyMs = 1_000;
const Row = z.object({ id: z.number().int(), position: z.number().int() });

export function createQueuePositions(db: Queryable, log: Log): QueuePositions {
  const listeners = new Set<(positions: Positions) => void>();
  let timer: NodeJS.Timeout | undefined;
  const tick = async () => {
    try {
      const waiting = await rows(
        db,
        Row,
        `select id, row_number() over (partition by needs order by priority, id)::int as position from submission where state = 'queued'`,
      );
      const positions = new Map(waiting.map(({ id, position }) => [id, position]));
      for (const listener of listeners) listener(positions);
    } catch (error) {
      log.warn({ err: error }, 'queue positions could not be read');
    }
    timer = listeners.size > 0 ? setTimeout(() => void tick(), everyMs) : undefined;
  };
  return {
    listen: (listener) => {
      listeners.add(listener);
      timer ??= setTimeout(() => void tick(), everyMs);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => {
      listeners.clear();
      clearTimeout(timer);
    },
  };
}
