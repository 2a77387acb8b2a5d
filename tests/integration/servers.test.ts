import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../dev/lock.ts';
import { firstFreePort, freePort, isPortFree } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { startRedis } from '../../dev/redis.ts';

const cleanUps: (() => Promise<unknown> | void)[] = [];
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'topk-servers-'));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

describe('our own Postgres', () => {
  it('keeps what was committed over kill -9, at the same address', async () => {
    const first = await startPostgres({ dir: join(dir, 'pg'), forTests: true });
    cleanUps.push(first.kill);
    await run(first.url, 'create table kept (n int); insert into kept values (7)');
    await first.kill();
    const second = await startPostgres({ dir: join(dir, 'pg'), forTests: true, port: first.port });
    cleanUps.push(second.kill);
    expect(second.url).toBe(first.url);
    expect(await run(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('starts over a stale postmaster.pid whose pid belongs to a stranger, and leaves the stranger alone', async () => {
    const first = await startPostgres({ dir: join(dir, 'pg'), forTests: true });
    cleanUps.push(first.kill);
    const path = join(dir, 'pg/postmaster.pid');
    const stale = readFileSync(path, 'utf8').replace(/^\d+/, String(process.ppid));
    await first.kill();
    writeFileSync(path, stale);
    const second = await startPostgres({ dir: join(dir, 'pg'), forTests: true });
    cleanUps.push(second.kill);
    expect(process.kill(process.ppid, 0)).toBe(true);
  });

  it('refuses a wrong password with a sentence', async () => {
    const first = await startPostgres({ dir: join(dir, 'pg'), forTests: true });
    await first.stop();
    await expect(startPostgres({ dir: join(dir, 'pg'), forTests: true, password: 'other' })).rejects.toThrow(
      'made with another password',
    );
  });
});

describe('our own Redis', () => {
  it('keeps what it acknowledged over a stop, and evicts nothing', async () => {
    const first = await startRedis({ dir: join(dir, 'redis') });
    cleanUps.push(first.kill);
    const before = new Redis(first.url);
    await before.set('kept', '7');
    before.disconnect();
    await first.stop();
    const second = await startRedis({ dir: join(dir, 'redis'), port: first.port });
    cleanUps.push(second.kill);
    const after = new Redis(second.url);
    cleanUps.push(() => after.disconnect());
    expect(await after.get('kept')).toBe('7');
    expect(await after.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  });
});

describe('a data folder', () => {
  it('is locked by a living process and taken over from a dead one', async () => {
    const path = join(dir, 'lock');
    const release = await takeLock(path);
    expect(release).toBeTypeOf('function');
    expect(await takeLock(path)).toBe(process.pid);
    if (typeof release === 'function') await release();
    // This very pid, but born at another time: a process of before a reboot.
    writeFileSync(path, JSON.stringify({ pid: process.pid, birth: 'earlier' }));
    expect(await takeLock(path)).toBeTypeOf('function');
  });
});

describe('a port', () => {
  it('that is taken is passed over', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    cleanUps.push(() => {
      server.close();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    expect(await firstFreePort(port, '127.0.0.1')).toBeGreaterThan(port);
  });
});

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}
