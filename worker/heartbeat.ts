import type { WorkerInfo } from '../core/contract/workers.ts';
import { execute } from '../core/db/sql.ts';
import type { Services } from './services.ts';

/**
 * Says every `heartbeatMs` in the table of workers that this one is there and what it can do.
 * @returns a function that ends it and takes the worker out of the table
 */
export function startHeartbeat(services: Services, info: () => WorkerInfo): () => Promise<void> {
  const { config, db, log } = services;
  const startedAt = new Date();
  let beating: Promise<void> | undefined;
  const beat = async () => {
    try {
      await execute(
        db.pool,
        `insert into worker (name, started_at, seen_at, info)
         values ($1, $2, now(), $3)
         on conflict (name) do update set started_at = $2, seen_at = now(), info = $3`,
        [config.workerName, startedAt, JSON.stringify(info())],
      );
    } catch (error) {
      log.debug({ err: error }, 'the worker could not say that it is there');
    }
  };
  const tick = () => {
    beating ??= beat().finally(() => {
      beating = undefined;
    });
  };
  tick();
  const timer = setInterval(tick, config.heartbeatMs);
  return async () => {
    clearInterval(timer);
    await beating;
    // Not where another of this name has come in the meantime.
    await execute(db.pool, `delete from worker where name = $1 and started_at = $2`, [config.workerName, startedAt]);
  };
}
