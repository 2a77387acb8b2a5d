import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { readConfig as readApiConfig } from '../../api/config.ts';
import { startApi } from '../../api/start.ts';
import { openDatabase, type Database } from '../../core/db/open.ts';
import { readConfig as readWorkerConfig } from '../../worker/config.ts';
import { startWorker, type RunningWorker, type Surroundings } from '../../worker/start.ts';
import { createTestDatabase } from './database.ts';
import { testRedisUrl } from './redis.ts';

/** A whole Topk in this process: its own database, its own Redis database, a listening api, and workers on demand. */
export interface System {
  readonly url: string;
  readonly db: Database;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Every route that is served, as `GET /api/v1/me`. */
  readonly routes: readonly string[];
  startWorker(environment?: Record<string, string>, surroundings?: Surroundings): Promise<RunningWorker>;
  /** Stops all workers, so that what is queued stays queued. */
  pauseWorkers(): Promise<void>;
  stop(): Promise<void>;
}

interface SystemOptions {
  readonly environment?: Record<string, string>;
  /** False: nothing is graded until `startWorker` is called. */
  readonly worker?: boolean;
  /** Silent unless given. */
  readonly log?: Logger;
}

/** Quick to notice what died, so that tests need not wait. */
const hurried = {
  LEASE_MS: '1000',
  SWEEP_EVERY_MS: '100',
  RING_EVERY_MS: '300',
  SCORING_THREADS: '1',
  CHECK_THREADS: '1',
  LOG_LEVEL: 'silent',
  SANDBOX: 'off',
};

/** A server that sends mail, to where nobody takes it. */
export const mailEnvironment = {
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'Topk <topk@example.edu>',
  PUBLIC_URL: 'https://topk.example.edu',
};

export async function startSystem({
  environment = {},
  worker = true,
  log = pino({ level: 'silent' }),
}: SystemOptions = {}): Promise<System> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'topk-system-'));
  const complete = {
    ...hurried,
    DATABASE_URL: database.url,
    REDIS_URL: await testRedisUrl(),
    TOPK_DATA_DIR: dataDir,
    PORT: '0',
    ...environment,
  };
  const db = openDatabase({ url: database.url, maxConnections: 4, log });
  const routes: string[] = [];
  const web = join(import.meta.dirname, '../../web/dist');
  const api = await startApi(readApiConfig(complete), log, web, (route) => routes.push(route));
  const workers: RunningWorker[] = [];
  const addWorker = async (more: Record<string, string> = {}, surroundings: Surroundings = {}) => {
    const name = { WORKER_NAME: `worker-${workers.length + 1}` };
    const started = await startWorker(readWorkerConfig({ ...complete, ...name, ...more }), log, surroundings);
    workers.push(started);
    return started;
  };
  if (worker) await addWorker();
  return {
    url: api.url,
    db,
    dataDir,
    environment: complete,
    routes,
    startWorker: addWorker,
    pauseWorkers: async () => {
      for (const running of workers) await running.close();
    },
    stop: async () => {
      for (const running of workers) await running.close();
      await api.close();
      await db.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
