import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hangBlob, hangsInOpen } from '../../support/blobs.ts';
import { largeFiles, makeCompetition, slowGzip, tinyPredictions } from '../../support/competitions.ts';
import { makeInstallation, type Installation } from '../../support/installation.ts';
import { makeCourse, type TestCourse } from '../../support/people.ts';
import { until } from '../../support/poll.ts';
import { startProxy } from '../../support/proxy.ts';
import { allFinished, inState, readRow, wrongStandings } from '../../support/truth.ts';

describe('a worker that dies, hangs or is stopped', () => {
  let site: Installation;
  let course: TestCourse;
  let tiny: string;
  let large: string;
  let huge: string;
  const files = largeFiles(300_000);
  /** A small file that takes seconds to read: it unpacks to 160 megabytes. */
  const hugeFile = slowGzip(160);

  beforeAll(async () => {
    site = await makeInstallation();
    await site.startApi();
    course = await makeCourse(site, { students: 12 });
    tiny = await makeCompetition(course, { settings: { dailyLimit: 5, totalLimit: 5 } });
    large = await makeCompetition(course, { key: files.key });
    huge = await makeCompetition(course, { settings: { maxFileBytes: 2 ** 29 } });
  });
  afterEach(async () => await site.killWorkers());
  afterAll(async () => await site.remove());

  const student = (index: number) => {
    const found = course.students[index];
    if (found === undefined) throw new Error(`the course has no student ${index}`);
    return found;
  };

  it('is replaced: what it was scoring when it was killed is scored by another, once', async () => {
    const { id, file } = await student(0).submit(tiny, tinyPredictions);
    const putBack = await hangBlob(site.dataDir, file.sha256);
    const victim = await site.startWorker();
    expect(await inState(site.db.pool, id, 'running')).toMatchObject({ attempt: 1 });
    await victim.kill();
    await putBack();
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'running', attempt: 1 });

    await site.startWorker();
    expect(await inState(site.db.pool, id, 'scored')).toMatchObject({ attempt: 2, value: 0.5 });
    expect(await wrongStandings(site.db.pool)).toEqual([]);
  });

  it('changes nothing when it wakes up after another has taken over', async () => {
    const { id } = await student(1).submit(large, files.predictions);
    const sleeper = await site.startWorker();
    await inState(site.db.pool, id, 'running');
    sleeper.freeze();
    // Frozen, it cannot move: what is running now was caught in the middle.
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'running', attempt: 1 });

    const heir = await site.startWorker();
    const scored = await inState(site.db.pool, id, 'scored');
    expect(scored).toMatchObject({ attempt: 2, value: 0.25 });
    sleeper.thaw();
    await Promise.any([sleeper.logged('the verdict came too late'), sleeper.logged('the lease was lost')]);
    expect(await readRow(site.db.pool, id)).toEqual(scored);
    expect(await wrongStandings(site.db.pool)).toEqual([]);

    // It is as good as new, and the other may go.
    await heir.kill();
    const next = await student(2).submit(tiny, tinyPredictions);
    await inState(site.db.pool, next.id, 'scored');
  });

  it('is replaced also when only its way to Postgres is cut, and changes nothing when that is mended', async () => {
    const { id, file } = await student(2).submit(tiny, `${tinyPredictions}\n`);
    const putBack = await hangBlob(site.dataDir, file.sha256);
    const url = new URL(site.databaseUrl);
    const proxy = await startProxy(Number(url.port));
    url.port = String(proxy.port);
    url.searchParams.set('query_timeout', '1000');
    const cutOff = await site.startWorker({ DATABASE_URL: url.href });
    expect(await inState(site.db.pool, id, 'running')).toMatchObject({ attempt: 1 });
    await until('a thread hangs', 120_000, async () => await hangsInOpen(cutOff.pid));
    proxy.swallow();
    await putBack();
    await cutOff.logged('the lease could not be renewed');
    await site.startWorker();
    const scored = await inState(site.db.pool, id, 'scored');
    expect(scored).toMatchObject({ attempt: 2, value: 0.5 });
    proxy.restore();
    await cutOff.logged('the lease was lost');
    expect(await readRow(site.db.pool, id)).toEqual(scored);
    await site.killWorkers();
    await proxy.close();
  });

  it('is given up on by a submission that kills it each time: it has failed, is not charged, and staff see why', async () => {
    const { id, file } = await student(3).submit(tiny, `${tinyPredictions}\n`);
    const putBack = await hangBlob(site.dataDir, file.sha256);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const victim = await site.startWorker();
      await until(
        `attempt ${attempt} is under way`,
        10_000,
        async () => (await readRow(site.db.pool, id)).attempt === attempt,
      );
      await victim.kill();
    }
    await site.startWorker();
    expect(await inState(site.db.pool, id, 'failed', 120_000)).toMatchObject({
      attempt: 3,
      fault: expect.stringContaining('lost 3 times'),
    });
    const allowance = await student(3).call(`GET /competitions/${tiny}/allowance`);
    expect(allowance.body).toMatchObject({ leftToday: 5, leftTotal: 5 });
    const seenByStudent = await student(3).finished(id);
    expect(seenByStudent).toMatchObject({ state: 'failed', reason: expect.stringContaining('our fault') });
    expect(seenByStudent).not.toHaveProperty('fault');
    expect(await course.ta.finished(id)).toMatchObject({ fault: expect.stringContaining('lost 3 times') });

    await putBack();
    expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBe(202);
    expect(await inState(site.db.pool, id, 'scored')).toMatchObject({ attempt: 4, value: 0.5 });
  });

  it('gives back what it is scoring when it is asked to stop, at once and without the cost of a try', async () => {
    const { id } = await student(4).submit(huge, hugeFile);
    const leaver = await site.startWorker({ LEASE_MS: '60000' });
    await inState(site.db.pool, id, 'running');
    const startedMs = performance.now();
    expect(await leaver.stop()).toBe('ended with code 0');
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'queued', attempt: 1, tries: 0, fault: null });

    await site.startWorker();
    expect(await inState(site.db.pool, id, 'scored', 120_000)).toMatchObject({ attempt: 2, tries: 1 });
  });

  it('gives it back also where its disk hangs, and is gone although the disk never answers', async () => {
    const { id, file } = await student(4).submit(tiny, `${tinyPredictions}\n\n`);
    const putBack = await hangBlob(site.dataDir, file.sha256);
    const leaver = await site.startWorker({ LEASE_MS: '60000' });
    await inState(site.db.pool, id, 'running');
    await until('a thread hangs', 120_000, async () => await hangsInOpen(leaver.pid));
    const startedMs = performance.now();
    await leaver.stop();
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'queued', attempt: 1, tries: 0, fault: null });
    await putBack();

    await site.startWorker();
    expect(await inState(site.db.pool, id, 'scored', 120_000)).toMatchObject({ attempt: 2, tries: 1 });
  });

  it('gives up on a file that hangs it, and scores the others meanwhile', async () => {
    const { id, file } = await student(3).submit(tiny, `${tinyPredictions}\n\n\n`);
    const putBack = await hangBlob(site.dataDir, file.sha256);
    await site.startWorker({ GRADE_TIMEOUT_MS: '2000', SCORING_THREADS: '2' });
    await inState(site.db.pool, id, 'running');
    const next = await student(4).submit(tiny, tinyPredictions);
    await inState(site.db.pool, next.id, 'scored', 120_000);
    expect(await inState(site.db.pool, id, 'failed', 120_000)).toMatchObject({
      attempt: 3,
      fault: expect.stringContaining('2000 ms'),
    });
    // Each of its tries has cost a thread, and the worker has as many as before.
    const last = await student(4).submit(tiny, tinyPredictions);
    await inState(site.db.pool, last.id, 'scored', 120_000);
    await putBack();
  });

  it('may be killed again and again under load: everything ends once', async () => {
    const slow = slowGzip(64);
    const receipts = await Promise.all(
      course.students
        .slice(5)
        .flatMap((one) => [tinyPredictions, slow, slow].map(async (file) => await one.submit(huge, file))),
    );
    let worker = await site.startWorker({ WORKER_CONCURRENCY: '2' });
    await site.startWorker({ WORKER_CONCURRENCY: '2' });
    for (let kill = 0; kill < 2; kill++) {
      await until('something runs', 120_000, async () => {
        const running = await site.db.pool.query(`select 1 from submission where state = 'running' limit 1`);
        return running.rowCount === 1;
      });
      await worker.kill();
      worker = await site.startWorker({ WORKER_CONCURRENCY: '2' });
    }
    const all = await allFinished(site.db.pool);
    const ids = new Set(receipts.map((receipt) => receipt.id));
    expect(all.filter((row) => ids.has(row.id)).map((row) => row.state)).toEqual(receipts.map(() => 'scored'));
    expect(await wrongStandings(site.db.pool)).toEqual([]);
  });
});
