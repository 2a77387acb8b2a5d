import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../dev/ports.ts';
import type { Server } from '../../../dev/processes.ts';
import { startRedis } from '../../../dev/redis.ts';
import { makeCompetition, tinyPredictions } from '../../support/competitions.ts';
import { makeInstallation, type Installation } from '../../support/installation.ts';
import { makeCourse, type TestCourse } from '../../support/people.ts';
import { until } from '../../support/poll.ts';
import type { Program } from '../../support/processes.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';
import { allFinished, inState, readAll, readRow } from '../../support/truth.ts';

/** What waits for a Redis that is away would wait for ever: this is far less, and more than a busy machine takes. */
const boundedMs = 60_000;

describe('a Redis that comes and goes', () => {
  let dir: string;
  let port: number;
  let redis: Server;
  let proxy: Proxy;
  let site: Installation;
  let api: Program;
  let worker: Program;
  let course: TestCourse;
  let slug: string;

  const start = async () => {
    redis = await startRedis({ dir, port });
  };
  const flush = async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  };
  const submitAll = async () =>
    await Promise.all(course.students.map(async (student) => await student.submit(slug, tinyPredictions)));
  const submitTimed = async () => {
    const startedMs = performance.now();
    const receipt = await course.students[0]?.submit(slug, tinyPredictions);
    return { id: receipt?.id ?? 0, tookMs: performance.now() - startedMs };
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'topk-crash-redis-'));
    port = await freePort();
    proxy = await startProxy(port);
    // Through the proxy: what the test breaks is the network between them.
    site = await makeInstallation({ redisUrl: `redis://:topk@127.0.0.1:${proxy.port}` });
  });
  afterAll(async () => {
    await site.remove();
    await proxy.close();
    await redis?.kill();
    await rm(dir, { recursive: true, force: true });
  });

  it('need not be there when the api and the worker start, and what was taken meanwhile is scored once it is', async () => {
    api = await site.startApi();
    worker = await site.startWorker();
    course = await makeCourse(site, { students: 20 });
    slug = await makeCompetition(course);
    // Long enough for waits between tries to connect to grow, if they do.
    const { id, tookMs } = await submitTimed();
    await sleep(5_000);
    expect(tookMs).toBeLessThan(boundedMs);
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'queued' });
    await start();
    await inState(site.db.pool, id, 'scored', 120_000);
  });

  it('may stop while submissions come in: each is taken at once, and scored when it is back', async () => {
    await redis.stop();
    const taken = [await submitTimed(), await submitTimed(), await submitTimed()];
    for (const { tookMs } of taken) expect(tookMs).toBeLessThan(boundedMs);
    const startedMs = performance.now();
    const receipts = await submitAll();
    expect(performance.now() - startedMs).toBeLessThan(boundedMs);
    expect((await readAll(site.db.pool)).filter((row) => row.state === 'queued')).toHaveLength(3 + receipts.length);
    await start();
    expect((await allFinished(site.db.pool, 120_000)).filter((row) => row.state !== 'scored')).toEqual([]);
  });

  it('may lose everything in the middle of a queue', async () => {
    const flushing = (async () => {
      for (let round = 0; round < 5; round++) await flush();
    })();
    await Promise.all([submitAll(), flushing]);
    await flush();
    const all = await allFinished(site.db.pool, 120_000);
    expect(all.filter((row) => row.state !== 'scored')).toEqual([]);
  });

  it('may be killed and come back empty-handed or not, again and again', async () => {
    for (let round = 0; round < 3; round++) {
      const submitting = submitAll();
      await redis.kill();
      await submitting;
      await start();
    }
    const all = await allFinished(site.db.pool, 120_000);
    expect(all.filter((row) => row.state !== 'scored')).toEqual([]);
    // Nobody was restarted, and all is as before.
    const tries = [await submitTimed(), await submitTimed(), await submitTimed(), await submitTimed()];
    // None waits for a ring to be given up: the quickest of a few, since other things run on a machine, too.
    expect(Math.min(...tries.map(({ tookMs }) => tookMs))).toBeLessThan(500);
    const id = tries[0]?.id ?? 0;
    await inState(site.db.pool, id, 'scored', 120_000);
  });

  it('may be full: what it refuses is taken all the same, and scored when there is room', async () => {
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory', '1');
    const receipts = await submitAll();
    await client.config('SET', 'maxmemory', '0');
    client.disconnect();
    expect(receipts).toHaveLength(20);
    const all = await allFinished(site.db.pool, 120_000);
    expect(all.filter((row) => row.state !== 'scored')).toEqual([]);
  });

  it('is not needed to keep what the api took before it was killed, between the commit and the ring', async () => {
    const before = await readAll(site.db.pool);
    proxy.swallow();
    const answer = course.students[1]?.submit(slug, tinyPredictions).then(
      () => 'answered',
      () => 'cut off',
    );
    // The row is there, and the ring hangs in a network that drops it.
    const [id] = await until('the row is committed', 120_000, async () => {
      const fresh = (await readAll(site.db.pool)).slice(before.length).map((row) => row.id);
      return fresh.length === 1 && fresh;
    });
    await api.kill();
    expect(await answer).toBe('cut off');
    const client = new Redis(redis.url);
    expect(await client.keys('*sub-*')).toEqual([]);
    client.disconnect();
    expect(await readRow(site.db.pool, id ?? 0)).toMatchObject({ state: 'queued', attempt: 0 });
    proxy.restore();
    await inState(site.db.pool, id ?? 0, 'scored', 120_000);
    api = await site.startApi();
    expect(await course.students[1]?.finished(id ?? 0)).toMatchObject({ state: 'scored' });
  });

  it('does not hold up the end of the api or of the worker by being away', async () => {
    await redis.stop();
    const startedMs = performance.now();
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual(['ended with code 0', 'ended with code 0']);
    expect(performance.now() - startedMs).toBeLessThan(boundedMs);
  });
});
