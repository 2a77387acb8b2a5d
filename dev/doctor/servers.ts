import { Client } from 'pg';
import { z } from 'zod';
import { missingMigrations } from '../../prisma/migrate.ts';
import { askRedis } from '../redis-client.ts';
import type { Finding } from './finding.ts';

const patienceMs = 5_000;

/** Its version, its clock against ours, the migrations, and the workers that have been heard of. */
export async function lookAtPostgres(connectionString: string): Promise<Finding[]> {
  const missing = await missingMigrations(connectionString);
  const client = new Client({ connectionString, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs });
  await client.connect();
  try {
    const before = Date.now();
    const { rows } = await client.query(
      `select current_setting('server_version') as version, clock_timestamp() as now`,
    );
    const [{ version, now }] = z.tuple([z.object({ version: z.string(), now: z.date() })]).parse(rows);
    const middle = (before + Date.now()) / 2;
    return [
      { name: 'Postgres', state: 'ok', detail: version },
      judgeClock(now.getTime() - middle),
      judgeMigrations(missing),
      ...(missing.length === 0 ? [await lookAtWorkers(client)] : []),
    ];
  } finally {
    await client.end();
  }
}

/** Deadlines are judged by Postgres's clock; the api's receipts by the machine's. */
export function judgeClock(differenceMs: number): Finding {
  const seconds = Math.abs(differenceMs) / 1000;
  const detail = `Postgres’s is ${seconds.toFixed(3)} s ${differenceMs < 0 ? 'behind' : 'ahead of'} this machine’s`;
  if (seconds <= 1) return { name: 'clock', state: 'ok', detail };
  return {
    name: 'clock',
    state: seconds > 10 ? 'fail' : 'warn',
    detail,
    remedy: 'synchronise both machines’ clocks (timedatectl set-ntp true, or chrony): deadlines are judged by them',
  };
}

export function judgeMigrations(missing: readonly string[]): Finding {
  if (missing.length === 0) return { name: 'migrations', state: 'ok', detail: 'all applied' };
  return {
    name: 'migrations',
    state: 'fail',
    detail: `not applied: ${missing.join(', ')}`,
    remedy: 'restart npm start, or run node prisma/migrate.ts with DATABASE_URL (compose: docker compose up migrate)',
  };
}

async function lookAtWorkers(client: Client): Promise<Finding> {
  const { rows } = await client.query(`select name from worker where seen_at > now() - interval '30 s' order by name`);
  const names = z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
  if (names.length > 0) return { name: 'workers', state: 'ok', detail: names.join(', ') };
  return {
    name: 'workers',
    state: 'warn',
    detail: 'none has been heard of for 30 s; what is submitted waits',
    remedy: 'start one: npm start, or docker compose up worker',
  };
}

/** BullMQ needs a Redis that never evicts, and its jobs should outlive a restart. */
export async function lookAtRedis(url: string): Promise<Finding[]> {
  const info = await askRedis(url, (redis) => redis.info());
  const version = /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown version';
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  const appends = /^aof_enabled:1/m.test(info);
  return [{ name: 'Redis', state: 'ok', detail: version }, judgePolicy(policy), judgeAppending(appends)];
}

export function judgePolicy(policy: string): Finding {
  if (policy === 'noeviction') return { name: 'Redis policy', state: 'ok', detail: policy };
  return {
    name: 'Redis policy',
    state: 'fail',
    detail: `${policy}: when its memory is full it drops jobs without a word`,
    remedy: 'set maxmemory-policy noeviction in its configuration',
  };
}

export function judgeAppending(appends: boolean): Finding {
  if (appends) return { name: 'Redis file', state: 'ok', detail: 'appends to a file' };
  return {
    name: 'Redis file',
    state: 'warn',
    detail: 'a restart loses its jobs; they are rung for again within seconds, from Postgres',
    remedy: 'set appendonly yes in its configuration',
  };
}
