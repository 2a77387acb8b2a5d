import { createBlobStore } from '../core/blobs/store.ts';
import { closeAll } from '../core/close-all.ts';
import { openDatabase } from '../core/db/open.ts';
import type { Log } from '../core/log.ts';
import { createChangeSender } from '../core/queue/changes.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { createScoringPool } from '../core/scoring-pool/pool.ts';
import type { Config } from './config.ts';
import { answerDoorbell } from './consume.ts';
import { serveHealth } from './health.ts';
import type { Services } from './services.ts';
import { startSweeper } from './sweep.ts';

export interface RunningWorker {
  /** Gives back what is being graded and lets go of everything; safe to call twice. */
  close(): Promise<void>;
}

const maxKeyBytes = 512 * 2 ** 20;

/** Grades what waits, until closed. Starts also where Postgres or Redis are away, and works once they are there. */
export async function startWorker(config: Config, log: Log): Promise<RunningWorker> {
  const redis = { url: config.redisUrl, prefix: config.queuePrefix, log };
  const db = openDatabase({ url: config.databaseUrl, maxConnections: config.databaseConnections, log });
  const services: Services = {
    config,
    log,
    db,
    blobs: createBlobStore(config.dataDir),
    doorbell: createDoorbell(redis),
    changes: createChangeSender(redis),
    scoring: createScoringPool({
      threads: config.scoringThreads,
      maxKeyBytes,
      compileTimeoutMs: config.gradeTimeoutMs,
    }),
  };
  const stopHealth = await serveHealth(services);
  const stopSweeper = startSweeper(services);
  const stopAnswering = answerDoorbell(services);
  return {
    close: closeAll(log, [
      stopAnswering,
      stopSweeper,
      stopHealth,
      () => services.scoring.close(),
      () => services.doorbell.close(),
      () => services.changes.close(),
      () => db.close(),
    ]),
  };
}
