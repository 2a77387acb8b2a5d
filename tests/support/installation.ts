import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openDatabase, type Database } from '../../core/db/open.ts';
import { freePort } from '../../dev/ports.ts';
import { createTestDatabase } from './database.ts';
import { startProgram, type Program } from './processes.ts';
import { testRedisUrl } from './redis.ts';

/** A Topk whose api and workers are real processes, so that they can be killed; nothing runs until it is started. */
export interface Installation {
  /** The same after every restart of the api. */
  readonly url: string;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly dataDir: string;
  startApi(environment?: Record<string, string>): Promise<Program>;
  startWorker(environment?: Record<string, string>): Promise<Program>;
  /** One that pretends to run code. */
  startFakeWorker(environment?: Record<string, string>): Promise<Program>;
  /** Leaves no worker of one test to the next. */
  killWorkers(): Promise<void>;
  /** Ends whatever still runs and removes all that was made. */
  remove(): Promise<void>;
}

interface Servers {
  /** A migrated database; one of the test run's own when not given. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

/** Quick to notice what died, so that tests need not wait. */
const hurried = {
  LEASE_MS: '1000',
  SWEEP_EVERY_MS: '100',
  RING_EVERY_MS: '300',
  SCORING_THREADS: '1',
  CHECK_THREADS: '1',
  LOG_LEVEL: 'info',
  SANDBOX: 'off',
};

export async function makeInstallation(servers: Servers = {}): Promise<Installation> {
  const database =
    servers.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: servers.databaseUrl, drop: async () => undefined };
  const dataDir = await mkdtemp(join(tmpdir(), 'topk-crash-'));
  const port = String(await freePort());
  const complete = {
    ...hurried,
    DATABASE_URL: database.url,
    REDIS_URL: servers.redisUrl ?? (await testRedisUrl()),
    TOPK_DATA_DIR: dataDir,
    PORT: port,
  };
  const db = openDatabase({ url: database.url, maxConnections: 4, log: pino({ level: 'silent' }) });
  const programs: Program[] = [];
  const workers: Program[] = [];
  let started = 0;
  const start = async (name: Parameters<typeof startProgram>[0], more: Record<string, string>) => {
    const program = await startProgram(name, { ...complete, ...more });
    programs.push(program);
    return program;
  };
  const startWorker = async (name: 'worker' | 'tests/support/fake-worker', more: Record<string, string>) => {
    const worker = await start(name, { WORKER_NAME: `worker-${++started}`, ...more });
    workers.push(worker);
    return worker;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    db,
    databaseUrl: database.url,
    dataDir,
    startApi: async (more = {}) => await start('api', more),
    startWorker: async (more = {}) => await startWorker('worker', more),
    startFakeWorker: async (more = {}) =>
      await startWorker('tests/support/fake-worker', { SANDBOX: 'docker', RUN_LEASE_MS: '1000', ...more }),
    killWorkers: async () => {
      for (const worker of workers.splice(0)) await worker.kill();
    },
    remove: async () => {
      for (const program of programs) await program.kill();
      await db.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
