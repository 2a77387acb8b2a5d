import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../dev/ports.ts';
import { startPostgres } from '../../../dev/postgres.ts';
import type { Server } from '../../../dev/processes.ts';
import { migrate } from '../../../prisma/migrate.ts';
import type { Answer } from '../../support/client.ts';
import { makeCompetition, tinyPredictions } from '../../support/competitions.ts';
import { makeInstallation, type Installation } from '../../support/installation.ts';
import { makeCourse, type TestCourse } from '../../support/people.ts';
import { until } from '../../support/poll.ts';
import type { Program } from '../../support/processes.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';
import { allFinished, inState, readAll, readRow, wrongStandings } from '../../support/truth.ts';

describe('a Postgres that restarts', () => {
  let dir: string;
  let port: number;
  let postgres: Server;
  let proxy: Proxy;
  let site: Installation;
  let api: Program;
  let worker: Program;
  let course: TestCourse;
  let slug: string;

  const start = async () => {
    postgres = await startPostgres({ dir: join(dir, 'postgres'), port, forTests: true });
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'topk-crash-postgres-'));
    port = await freePort();
    await start();
    await migrate(postgres.url);
    proxy = await startProxy(port);
    const url = new URL(postgres.url);
    url.port = String(proxy.port);
    // As in earnest, only sooner.
    url.searchParams.set('query_timeout', '2000');
    site = await makeInstallation({ databaseUrl: url.href });
    [api, worker] = await Promise.all([site.startApi(), site.startWorker()]);
    course = await makeCourse(site, { students: 8 });
    slug = await makeCompetition(course);
  });
  afterAll(async () => {
    await site.remove();
    await proxy.close();
    await postgres.kill();
    await rm(dir, { recursive: true, force: true });
  });

  /** Every student submits and reads, over and over, while `disturb` runs and until a while after. */
  const underLoad = async (disturb: () => Promise<void>): Promise<Answer[]> => {
    const answers: Answer[] = [];
    let over = false;
    const load = course.students.map(async (student, index) => {
      while (!over) {
        answers.push(await student.upload(`POST /competitions/${slug}/submissions`, tinyPredictions));
        answers.push(
          await student.call(
            index % 2 === 0 ? `GET /competitions/${slug}/submissions?limit=5` : `GET /competitions/${slug}`,
          ),
        );
        await sleep(5);
      }
    });
    const taken = () => answers.filter((answer) => answer.status === 202).length;
    await until('the load is on', 120_000, async () => taken() > 20);
    await disturb();
    const then = taken();
    await until('submissions are taken again', 120_000, async () => taken() > then + 20);
    over = true;
    await Promise.all(load);
    return answers;
  };

  const expectNothingLost = async (answers: readonly Answer[]) => {
    const unexpected = answers.filter(({ status }) => status !== 202 && status !== 200 && status !== 503);
    const broken = api.lines.filter((line) => line.includes('"a request failed"'));
    expect(
      unexpected.map(({ status, text }) => `${status} ${text}`),
      broken.slice(-3).join('\n'),
    ).toEqual([]);
    for (const answer of answers.filter(({ status }) => status === 503)) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(answer.problem()).toMatchObject({ type: 'unavailable' });
    }
    const rows = await allFinished(site.db.pool);
    const known = new Map(rows.map((row) => [row.id, row.state]));
    const accepted = answers
      .filter(({ status }) => status === 202)
      .map(({ headers }) => Number(headers.get('location')?.split('/').at(-1)));
    expect(accepted.filter((id) => known.get(id) !== 'scored')).toEqual([]);
    expect(await wrongStandings(site.db.pool)).toEqual([]);
  };

  it('is connected to again after a restart in good order, and nothing that was accepted is lost', async () => {
    const answers = await underLoad(async () => {
      await postgres.stop();
      await sleep(300);
      await start();
    });
    await expectNothingLost(answers);
  });

  it('is connected to again after it was killed', async () => {
    const answers = await underLoad(async () => {
      await postgres.kill();
      await sleep(300);
      await start();
    });
    await expectNothingLost(answers);
    expect(answers.some(({ status }) => status === 503)).toBe(true);
  });

  it('refuses with 503 in bounded time while it does not answer at all, and goes on when it does', async () => {
    const student = course.students[0];
    if (student === undefined) throw new Error('no student');
    const { id } = await student.submit(slug, tinyPredictions);
    await inState(site.db.pool, id, 'scored');
    proxy.swallow();
    const startedMs = performance.now();
    const answer = await student.upload(`POST /competitions/${slug}/submissions`, tinyPredictions);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
    expect(answer.problem()).toMatchObject({ type: 'unavailable' });
    proxy.restore();
    const next = await until(
      'submissions are taken again',
      120_000,
      async () => await student.submit(slug, tinyPredictions),
    );
    await until('it is scored', 120_000, async () => (await readRow(site.db.pool, next.id)).state === 'scored');
  });

  it('leaves the api and the worker alive, and all submissions finished', async () => {
    for (const program of [api, worker]) {
      const ended = await Promise.race([program.exited, Promise.resolve('alive')]);
      expect(ended === 'alive' ? ended : [ended, ...program.lines.slice(-12)]).toBe('alive');
    }
    await allFinished(site.db.pool);
    expect((await readAll(site.db.pool)).every((row) => row.state === 'scored')).toBe(true);
    const startedMs = performance.now();
    await postgres.stop();
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual(['ended with code 0', 'ended with code 0']);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  });
});
