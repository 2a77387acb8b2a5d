import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import type { Operations, WorkerState } from '../../core/contract/operations.ts';
import { WorkerInfo } from '../../core/contract/workers.ts';
import { oneRow, rows, type Queryable } from '../../core/db/sql.ts';
import { within } from '../../core/queue/within.ts';
import type { Services } from '../services.ts';
import { readDurations, readJobs, readQueues } from './jobs.ts';

const probeTimeoutMs = 2_000;

/** How the server goes at this moment. It names no student, and nothing of what was submitted but ids. */
export async function readOperations({
  db: { pool },
  dataDir,
  changes,
  config,
}: Pick<Services, 'db' | 'dataDir' | 'changes' | 'config'>): Promise<Operations> {
  const workers = await readWorkers(pool);
  const [queues, jobs, durations, server, outboxes, files, redis] = await Promise.all([
    readQueues(pool, workers),
    readJobs(pool, workers),
    readDurations(pool),
    oneRow(pool, Server, serverQuery),
    readOutboxes(pool),
    statfs(dataDir),
    within(probeTimeoutMs, changes.ping()).then(
      () => true,
      () => false,
    ),
  ]);
  return {
    at: server.at.toISOString(),
    queues,
    workers,
    jobs,
    durations,
    disk: {
      totalBytes: files.blocks * files.bsize,
      freeBytes: files.bavail * files.bsize,
      databaseBytes: server.databaseBytes,
    },
    outboxes,
    dependencies: { redis, mail: config.mail !== undefined },
    versions: {
      topk: packageJson.version,
      node: process.version,
      postgres: server.postgres,
      migration: server.migration,
    },
  };
}

const Worker = z.object({
  name: z.string(),
  startedAt: z.date(),
  seenAt: z.date(),
  alive: z.boolean(),
  info: z.unknown(),
});

async function readWorkers(db: Queryable): Promise<WorkerState[]> {
  const found = await rows(
    db,
    Worker,
    `select name, started_at as "startedAt", seen_at as "seenAt", seen_at > now() - interval '30 s' as alive, info
     from worker
     order by name`,
  );
  return found.map(({ name, startedAt, seenAt, alive, info }) => ({
    name,
    startedAt: startedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    alive,
    info: WorkerInfo.safeParse(info).data ?? null,
  }));
}

const Server = z.object({
  at: z.date(),
  databaseBytes: z.coerce.number(),
  postgres: z.string(),
  migration: z.string(),
});

const serverQuery = `
  select now() as at,
         pg_database_size(current_database()) as "databaseBytes",
         current_setting('server_version') as postgres,
         (select migration_name from _prisma_migrations where finished_at is not null order by migration_name desc limit 1) as migration`;

const Outbox = z.object({
  waiting: z.number().int(),
  failed: z.number().int(),
  oldestWaitingSeconds: z.number().nullable(),
});

async function readOutboxes(db: Queryable): Promise<Operations['outboxes']> {
  const read = async (table: string, at: string) =>
    await oneRow(
      db,
      Outbox,
      `select count(*) filter (where state = 'waiting')::int as waiting,
              count(*) filter (where state = 'failed' and ${at} > now() - interval '1 day')::int as failed,
              extract(epoch from now() - min(${at}) filter (where state = 'waiting'))::float8 as "oldestWaitingSeconds"
       from ${table}`,
    );
  const [mail, hooks] = await Promise.all([read('mail', 'created_at'), read('hook_delivery', 'at')]);
  return { mail, hooks };
}
