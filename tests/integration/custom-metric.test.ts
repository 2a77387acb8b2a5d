import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { acceptCode, submitCode } from '../support/code.ts';
import { makeCompetition } from '../support/competitions.ts';
import { createFakeExecutor } from '../support/fake-executor.ts';
import { createFakeScorer, metricThat, type FakeScorer } from '../support/fake-scorer.ts';
import { makeRegression as makeRegressionIn, off, putMetric } from '../support/regression.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, lastTry, readRow, wrongStandings } from '../support/truth.ts';

describe('a custom metric', () => {
  let system: System;
  let course: TestCourse;
  let scorer: FakeScorer;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 3 });
    await system.db.prisma.graderImage.createMany({
      data: [
        { digest: 'sha256:older', name: 'scorer', bytes: 1, createdAt: new Date('2026-01-01') },
        { digest: 'sha256:newest', name: 'scorer', bytes: 1, createdAt: new Date('2026-02-01') },
        { digest: 'sha256:other', name: 'python', bytes: 1, createdAt: new Date('2026-03-01') },
      ],
    });
    scorer = createFakeScorer(createFakeExecutor());
    await system.startWorker(
      { SANDBOX: 'docker', SANDBOX_EVERY_MS: '200' },
      { connect: async () => await Promise.resolve(scorer.executor) },
    );
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  };
  const makeRegression = async (metric?: string) => await makeRegressionIn(course, metric);
  const board = async (slug: string, person: Person, query = '') =>
    Leaderboard.parse((await person.call(`GET /competitions/${slug}/leaderboard${query}`)).body);

  it('ranks the lower error first where lower is better, and shows the error itself', async () => {
    const slug = await makeRegression();
    for (const [index, by] of [1, 0.25, 3].entries())
      await student(index).finished((await student(index).submit(slug, off(by))).id);
    const baseline = await course.instructor.upload(
      `POST /competitions/${slug}/baselines?name=Mean`,
      off(-0.5),
      'm.csv',
    );
    expect(baseline.status, baseline.text).toBe(202);
    await course.instructor.finished(
      Number(new URL(baseline.headers.get('location') ?? '', system.url).pathname.split('/').at(-1)),
    );
    const { rows, me } = await board(slug, student(2));
    expect(rows.map(({ rank, value, scores }) => [rank, value, scores['custom']])).toEqual([
      [1, 0.25, { value: 0.25, rows: 2 }],
      [null, 0.5, { value: 0.5, rows: 2 }],
      [2, 1, { value: 1, rows: 2 }],
      [3, 3, { value: 3, rows: 2 }],
    ]);
    expect(me).toMatchObject({ rank: 3, value: 3 });
    expect((await board(slug, course.ta, '?board=private')).rows.map(({ value }) => value)).toEqual([0.25, 0.5, 1, 3]);
    const csv = await course.ta.call(`GET /competitions/${slug}/leaderboard.csv`);
    expect(csv.text.split('\r\n').map((line) => line.split(',')[4])).toEqual([
      'custom',
      '0.25',
      '0.5',
      '1',
      '3',
      undefined,
    ]);
    // The best of a team is the lowest too.
    await student(0).finished((await student(0).submit(slug, off(0.1))).id);
    await student(0).finished((await student(0).submit(slug, off(7))).id);
    await expect.poll(async () => (await board(slug, student(0))).me?.rank).toBe(1);
    expect(await wrongStandings(system.db.pool)).toEqual([]);
  });

  it('is scored again, and ranked the other way round, when it is replaced', async () => {
    const slug = await makeRegression();
    const ids: number[] = [];
    for (const [index, by] of [1, 0.25].entries()) ids.push((await student(index).submit(slug, off(by))).id);
    for (const [index, id] of ids.entries()) await student(index).finished(id);
    const values = async () => (await board(slug, student(0))).rows.map(({ value }) => value);
    await expect.poll(values).toEqual([0.25, 1]);
    const put = await putMetric(course.instructor, slug, metricThat(), '?higherIsBetter=true');
    expect(put.body).toMatchObject({ fileName: 'mae.py', higherIsBetter: true, rescoring: 2 });
    await expect.poll(values, { timeout: 60_000 }).toEqual([1, 0.25]);
  });

  it('is shown with the other values of its dict, and what counts nothing has no interval', async () => {
    const slug = await makeRegression();
    const scored = await student(0).finished((await student(0).submit(slug, off(2))).id);
    expect(scored).toMatchObject({
      state: 'scored',
      scores: { public: { custom: { value: 2, rows: 2 }, 'custom.most': { value: 2, rows: 2 } } },
    });
    expect(JSON.stringify(scored)).not.toMatch(/hits|"low"|private/);
  });

  it('runs in a container with the labels, the predictions and nothing else', async () => {
    const slug = await makeRegression();
    const { id } = await student(0).submit(slug, off(1));
    await student(0).finished(id);
    const spec = scorer.runs.find(({ labels }) => labels['topk.submission'] === String(id));
    expect(spec).toMatchObject({
      image: 'sha256:newest',
      gpus: [],
      env: {},
      command: ['python3', '/opt/topk/topk_score.py'],
      limits: { wallSeconds: 1800, gpus: 0 },
    });
    expect(spec?.job.map(({ path }) => path)).toEqual(['metric.py', 'submission.csv']);
    expect(spec?.inputs.data?.files.map(({ path }) => path)).toEqual(['solution.csv']);
    expect(spec?.inputs.hidden).toBeUndefined();
  });

  it('tells a student what it says to participants, as one line of at most 280 characters', async () => {
    const slug = await makeRegression(
      metricThat({ participantError: `The\u202E sum\n\u0007must be 1: ${'x'.repeat(400)}` }),
    );
    const rejected = await student(0).finished((await student(0).submit(slug, off(1))).id);
    expect(rejected).toMatchObject({ state: 'rejected', reason: expect.stringMatching(/^The sum must be 1: x+$/) });
    expect(rejected.reason).toHaveLength(280);
    const missing = await makeRegression();
    expect(await student(0).finished((await student(0).submit(missing, 'id,y\na,1\n')).id)).toMatchObject({
      state: 'rejected',
      reason: "The id 'b' is missing.",
      errors: [{ message: "The id 'b' is missing." }],
    });
  });

  it.each([
    ['raises', { scorerError: 'Traceback …\nKeyError: the-secret-label' }, 'the-secret-label'],
    ['gives NaN', { public: { custom: 'NaN' }, private: null }, 'result can’t be read'],
    ['gives no number', { public: { custom: '1' }, private: null }, 'result can’t be read'],
    ['gives nothing', { public: {}, private: {} }, 'result can’t be read'],
    ['hangs', { ending: { kind: 'timed-out' } }, 'longer than it may'],
    ['takes all memory', { ending: { kind: 'out-of-memory' } }, 'more memory than it may'],
    ['dies', { ending: { kind: 'exited', code: 139 } }, 'exit code 139 and no result: it said so'],
  ])('that %s is told to staff, and is no student’s fault', async (_name, says, fault) => {
    const slug = await makeRegression(metricThat(says));
    const { id } = await student(0).submit(slug, off(1));
    await lastTry(system.db, id);
    const failed = await student(0).finished(id);
    expect(failed).toMatchObject({ state: 'failed', reason: expect.stringContaining('our fault') });
    expect(JSON.stringify(failed)).not.toContain(fault);
    expect((await course.ta.call(`GET /submissions/${id}`)).body).toMatchObject({
      fault: expect.stringContaining(fault),
    });
  });

  it('never gets what it can’t read, nor more than the competition takes', async () => {
    const slug = await makeRegression();
    await course.instructor.json(`PATCH /competitions/${slug}`, { maxFileBytes: 10_000 });
    const before = scorer.runs.length;
    const refused = async (content: Uint8Array<ArrayBuffer>, name: string) =>
      await student(0).finished((await student(0).submit(slug, content, name)).id);
    const bytes = (of: Buffer) => new Uint8Array(of);
    expect(await refused(bytes(Buffer.from('\x93NUMPY\x01\0', 'latin1')), 'p.npy')).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('NumPy array'),
    });
    expect(await refused(bytes(gzipSync(Buffer.alloc(1_000_000))), 'p.csv.gz')).toMatchObject({
      reason: 'The file is larger than 10000 bytes once it is unpacked.',
    });
    expect(await refused(bytes(gzipSync(off(1)).subarray(0, 40)), 'p.csv.gz')).toMatchObject({
      reason: expect.stringContaining('damaged or cut off'),
    });
    // A bomb in two layers: the inner one would unpack in the container, and end as a failure of the metric.
    expect(await refused(bytes(gzipSync(gzipSync(Buffer.alloc(1_000_000)))), 'p.csv.gz')).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('packed twice'),
    });
    expect(scorer.runs.length).toBe(before);
    expect(await refused(bytes(gzipSync(off(1))), 'p.csv.gz')).toMatchObject({ state: 'scored' });
  });

  it('is computed beside the built-in ones, once those have taken the file', async () => {
    const metric = metricThat({ public: { custom: 7 }, private: { custom: 9 } });
    const slug = await makeCompetition(course, { settings: { metrics: ['top1'] } });
    expect((await putMetric(course.instructor, slug, metric)).body).toMatchObject({ rescoring: 0 });
    expect((await course.instructor.json(`PATCH /competitions/${slug}`, { metrics: ['top1', 'custom'] })).status).toBe(
      200,
    );
    const good = await student(0).finished((await student(0).submit(slug, 'id,label\na,0\nb,0\nc,2\nd,0\n')).id);
    expect(good).toMatchObject({
      scores: { public: { top1: { value: 0.5, rows: 2 }, custom: { value: 7, rows: 2 } } },
    });
    expect((await board(slug, student(0))).me?.value).toBe(0.5);
    const before = scorer.runs.length;
    const bad = await student(1).finished((await student(1).submit(slug, 'id,label\na,0\n')).id);
    expect(bad).toMatchObject({ state: 'rejected' });
    expect(scorer.runs.length).toBe(before);
    await course.instructor.json(`PATCH /competitions/${slug}`, { primaryMetric: 'custom' });
    await expect.poll(async () => (await board(slug, student(0))).me?.value, { timeout: 60_000 }).toBe(7);
  });

  it('scores what code wrote, in a run of its own', async () => {
    const slug = await makeRegression();
    await acceptCode(system, slug);
    const id = await submitCode(system, slug, {
      userId: student(1).id,
      does: { writes: { 'predictions.csv': off(0.75) } },
    });
    expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ value: -0.75 });
    expect(scorer.runs.filter(({ labels }) => labels['topk.submission'] === String(id))).toHaveLength(1);
  });

  it('waits where no worker has a sandbox, instead of failing', async () => {
    await system.pauseWorkers();
    await system.startWorker({ SANDBOX: 'off' });
    const slug = await makeRegression();
    const { id } = await student(0).submit(slug, off(1));
    await expect.poll(async () => (await readRow(system.db.pool, id)).attempt, { timeout: 60_000 }).toBeGreaterThan(0);
    await inState(system.db.pool, id, 'queued');
    await system.startWorker(
      { SANDBOX: 'docker', SANDBOX_EVERY_MS: '200' },
      { connect: async () => await Promise.resolve(scorer.executor) },
    );
    await inState(system.db.pool, id, 'scored', 120_000);
  });
});
