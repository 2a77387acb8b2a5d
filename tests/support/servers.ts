import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';
import { startPostgres } from '../../dev/postgres.ts';
import { birthOf, endProcess, politely, type Server } from '../../dev/processes.ts';
import { startRedis } from '../../dev/redis.ts';
import { findRedis } from '../../dev/redis-program.ts';
import { migrate } from '../../prisma/migrate.ts';

/** One Postgres and one Redis for a whole test run, in a folder that goes with them. */
type Servers = { dir: string; postgres: Server; redis: Server };

declare module 'vitest' {
  // What `inject` hands to a test; see database.ts and redis.ts.
  interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
    redisUrl: string;
  }
}

declare global {
  /** Every vitest project loads this module anew; they share the servers by this. */
  var topkTestServers: { users: number; started: Promise<Servers> } | undefined;
}

const templateDatabase = 'topk_template';

export async function setup(project: TestProject): Promise<void> {
  const shared = (globalThis.topkTestServers ??= { users: 0, started: start() });
  shared.users += 1;
  const { postgres, redis } = await shared.started;
  project.provide('postgresUrl', postgres.url);
  project.provide('templateDatabase', templateDatabase);
  project.provide('redisUrl', redis.url);
}

export async function teardown(): Promise<void> {
  const shared = globalThis.topkTestServers;
  if (!shared) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  globalThis.topkTestServers = undefined;
  const { dir, postgres, redis } = await shared.started;
  // Nothing in them is worth an orderly end.
  await Promise.all([postgres.kill(), redis.kill()]);
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

const prefix = 'topk-test-';

async function start(): Promise<Servers> {
  await cleanUpAfterCrashedRuns();
  const dir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await mkdir(join(dir, 'redis'));
  const program = findRedis((line) => console.log(line));
  const [postgres, redis] = await bothOrNeither(
    startPostgres({ dir: join(dir, 'postgres'), forTests: true }),
    startRedis({ dir: join(dir, 'redis'), program }),
  );
  endWithThisProcess({ dir, postgres, redis });
  await record(dir, [postgres.pid, redis.pid]);
  await makeTemplate(postgres.url);
  return { dir, postgres, redis };
}

/** Where one does not start, the other must not be left behind. */
async function bothOrNeither(...starting: [Promise<Server>, Promise<Server>]): Promise<[Server, Server]> {
  const [first, second] = await Promise.allSettled(starting);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const outcome of [first, second]) if (outcome.status === 'fulfilled') await outcome.value.kill();
  return await Promise.all(starting);
}

/** Each test database is a copy of this one, which takes a tenth of the time that migrating takes. */
async function makeTemplate(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(`create database ${templateDatabase}`);
  } finally {
    await client.end();
  }
  const url = new URL(postgresUrl);
  url.pathname = `/${templateDatabase}`;
  await migrate(url.href);
}

/** Vitest's teardown does not run when it is interrupted. */
function endWithThisProcess({ dir, postgres, redis }: Servers): void {
  process.once('exit', () => {
    if (!globalThis.topkTestServers) return;
    for (const { pid } of [postgres, redis]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already, which is what we want.
      }
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(143));
}

const Record = z.array(z.object({ pid: z.number(), birth: z.string().optional() }));

async function record(dir: string, pids: number[]): Promise<void> {
  const entries = await Promise.all(pids.map(async (pid) => ({ pid, birth: await birthOf(pid) })));
  await writeFile(join(dir, 'pids.json'), JSON.stringify(entries));
}

/** A run that was killed outright could clean nothing up: the next one does. */
async function cleanUpAfterCrashedRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(name.startsWith(prefix) && name.slice(prefix.length).split('-')[0]);
    if (!owner || (await birthOf(owner)) !== undefined) continue;
    const dir = join(tmpdir(), name);
    const text = await readFile(join(dir, 'pids.json'), 'utf8').catch(() => '[]');
    for (const { pid, birth } of Record.parse(JSON.parse(text))) {
      if (birth !== undefined && (await birthOf(pid)) === birth) await endProcess(pid, politely);
    }
    await rm(dir, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}
