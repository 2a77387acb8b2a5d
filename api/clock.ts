import { z } from 'zod';
import { oneRow, type Queryable } from '../core/db/sql.ts';

/** Postgres's clock, the one that deadlines and reveals are judged by, without a query each time. */
export interface Clock {
  /** Never ahead of Postgres, and behind it by no more than the round trip of the last reading (a millisecond or so). */
  now(): Date;
  /** Reads Postgres's clock again; where it can't be reached the last reading goes on. */
  synchronise(): Promise<void>;
}

const Reading = z.object({ now: z.date() });

/** The local clock is used only for the time since the last reading, and only its monotonic form: it may be set, and may be wrong. */
export async function createClock(db: Queryable): Promise<Clock> {
  let reading = { postgresMs: 0, takenAtMs: 0 };
  const synchronise = async () => {
    const { now } = await oneRow(db, Reading, 'select clock_timestamp() as now');
    reading = { postgresMs: now.getTime(), takenAtMs: performance.now() };
  };
  await synchronise();
  return {
    now: () => new Date(reading.postgresMs + (performance.now() - reading.takenAtMs)),
    synchronise,
  };
}
