import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlobStore } from '../../core/blobs/store.ts';
import { readLiveLog } from '../../core/live-log.ts';
import { cancel, rerun, rerunAll } from '../../core/submissions/requeue.ts';
import { acceptCode, fakeImage, readRuns, ringNow, readVerdict, submitCode } from '../support/code.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { createFakeExecutor, type FakeExecutor, type Program } from '../support/fake-executor.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, readRow, wrongStandings } from '../support/truth.ts';

const good: Program = { prints: 'Epoch 1\n', writes: { 'predictions.csv': tinyPredictions } };

describe('code that is submitted', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;
  let fake: FakeExecutor;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 3 });
    slug = await makeCompetition(course);
    await acceptCode(system, slug);
    fake = createFakeExecutor();
    await system.startWorker(
      { SANDBOX: 'docker', SANDBOX_EVERY_MS: '200', WORKER_CPU_SLOTS: '2', RUN_LEASE_MS: '2000' },
      { connect: async () => await Promise.resolve(fake) },
    );
  });
  afterAll(async () => await system.stop());

  const submit = async (does: Program, more: Partial<Parameters<typeof submitCode>[2]> = {}) =>
    await submitCode(system, more.claimed === undefined ? slug : slug, {
      userId: course.students[0]?.id ?? 0,
      does,
      ...more,
    });

  it('is run, and what it writes is scored as if that had been sent', async () => {
    const id = await submit({ ...good, samples: 500 });
    expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ attempt: 1, value: 0.5 });
    const [run, ...others] = await readRuns(system.db, id);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      runtime: 'fake',
      worker: 'worker-1',
      ending: 'exited',
      exitCode: 0,
      sentence: null,
      prepared: true,
      started: true,
      exited: true,
      scored: true,
    });
    expect(run?.samples?.length).toBeGreaterThan(100);
    expect(run?.samples?.length).toBeLessThanOrEqual(240);
    const blobs = createBlobStore(system.dataDir);
    expect(await readFile(blobs.path(run?.logHash ?? ''), 'utf8')).toBe('Epoch 1\n');
    expect(await readFile(blobs.path(run?.outputHash ?? ''), 'utf8')).toBe(tinyPredictions);
    const live = await readLiveLog(system.dataDir, { submissionId: id, attempt: 1 }, 0, 100);
    expect(Buffer.from(live?.bytes ?? []).toString()).toBe('Epoch 1\n');
    expect(await wrongStandings(system.db.pool)).toEqual([]);
  });

  it('gets the seed, the data and the limits of its phase, and nothing of the labels', async () => {
    const id = await submit(good);
    await inState(system.db.pool, id, 'scored');
    const spec = fake.runs.find(({ labels }) => labels['topk.submission'] === String(id));
    expect(spec).toMatchObject({
      name: `worker-1-${id}-1`,
      command: ['main.py'],
      env: { TOPK_SEED: '542', PYTHONHASHSEED: '542' },
      limits: { wallSeconds: 600, memoryMiB: 2048 },
      outputs: [{ name: 'predictions.csv' }],
    });
    expect(spec?.inputs.data?.files.map(({ path }) => path)).toEqual(['test.csv']);
    expect(spec?.inputs.hidden).toBeUndefined();
  });

  it.each<[string, Program, string, string]>([
    [
      'memory',
      { ending: 'out-of-memory', prints: 'epoch 3\n' },
      'out_of_memory',
      'Out of memory at 2.0 GiB after epoch 3.',
    ],
    ['time', { ending: 'timed-out', prints: 'x\n' }, 'timed_out', 'Time limit of 600 s.'],
    ['too much', { ending: 'output-too-large' }, 'output_too_large', 'Output over 200 MiB.'],
    ['a wrong name', { writes: { 'pred.csv': 'x' } }, 'exited', 'Wrote no predictions.csv; found pred.csv.'],
    ['a failure', { code: 3, prints: 'oh\n', writes: good.writes ?? {} }, 'exited', 'Exit code 3: last lines oh'],
    ['a signal', { code: 139 }, 'exited', 'Segmentation fault (SIGSEGV, exit code 139).'],
    ['wrong predictions', { writes: { 'predictions.csv': 'id,label\na,0\nb,1\nc,2\n' } }, 'exited', 'd'],
  ])('is rejected with its own sentence: %s', async (_what, does, ending, sentence) => {
    const id = await submit(does);
    await inState(system.db.pool, id, 'rejected');
    const verdict = await readVerdict(system.db, id);
    expect(verdict.reason).toContain(sentence);
    const runs = await readRuns(system.db, id);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ ending, sentence: verdict.reason, scored: true, fault: null });
  });

  it('is told of a child that was killed for memory where its output is fine', async () => {
    const id = await submit({ ...good, childOutOfMemory: true });
    await inState(system.db.pool, id, 'scored');
    expect((await readVerdict(system.db, id)).notices.join()).toContain('killed for lack of memory');
  });

  it('is killed when it is cancelled while it runs, and stays cancelled', async () => {
    const id = await submit({ ...good, waits: 'for ever' });
    await until('it runs', 120_000, async () => fake.running.has(`worker-1-${id}-1`));
    await system.db.pool.query(`update submission set state = 'cancelled', finished_at = now() where id = $1`, [id]);
    await until('it is killed', 120_000, async () => !fake.running.has(`worker-1-${id}-1`));
    await until('its run has an end', 120_000, async () => (await readRuns(system.db, id))[0]?.ending === 'cancelled');
    expect(await readRow(system.db.pool, id)).toMatchObject({ state: 'cancelled', attempt: 1 });
  });

  it('costs a try when the sandbox breaks, whenever that is, and fails after three', async () => {
    const before = await submit({ ...good, breaks: 'prepare' });
    const midst = await submit({ ...good, breaks: 'run' });
    for (const id of [before, midst]) {
      expect(await inState(system.db.pool, id, 'failed', 120_000)).toMatchObject({ attempt: 3, tries: 3 });
      await expect
        .poll(async () => (await readRuns(system.db, id)).map(({ ending }) => ending))
        .toEqual(['broken', 'broken', 'broken']);
      const runs = await readRuns(system.db, id);
      expect(runs[2]?.fault).toContain('the sandbox broke');
    }
  });

  it('waits in its queue until a slot is free, is then run by its priority, and is made ready for meanwhile', async () => {
    const waiting = { ...good, waits: 'slots' };
    const first = [await submit(waiting), await submit(waiting)];
    await until('both slots are taken', 120_000, async () => fake.running.size === 2);
    const readyBefore = fake.anticipated.length;
    const late = [await submit(good, { priority: 7 }), await submit(good, { priority: 7 })];
    const early = [await submit(good, { priority: 3 }), await submit(good, { priority: 3 })];
    await until('the next is made ready for', 120_000, async () => fake.anticipated.length > readyBefore);
    expect(fake.anticipated.at(-1)).toMatchObject({ image: fakeImage, gpus: [], inputs: { data: {} } });
    for (const id of [...late, ...early])
      expect(await readRow(system.db.pool, id)).toMatchObject({ state: 'queued', attempt: 0 });
    fake.release('slots');
    for (const id of [...first, ...late, ...early]) await inState(system.db.pool, id, 'scored');
    const order = fake.runs.map(({ labels }) => Number(labels['topk.submission']));
    expect(new Set(order.slice(-4, -2))).toEqual(new Set(early));
  });

  it('is scored from what was sent with it, and verified by a rerun that leaves the score as it is', async () => {
    const honest = await submit(good, { claimed: tinyPredictions });
    const wrong = tinyPredictions.replace('a,0', 'a,1');
    const dishonest = await submit({ writes: { 'predictions.csv': wrong } }, { claimed: tinyPredictions });
    const broken = await submit({ code: 1, prints: 'oh\n' }, { claimed: tinyPredictions });
    for (const [id, notice] of [
      [honest, 'Verified: the code scores 0.5000, as the sent predictions do.'],
      [dishonest, 'Not verified: the code scores 0.0000, the sent predictions 0.5000.'],
      [broken, 'Not verified: Exit code 1: last lines oh'],
    ] as const) {
      expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ attempt: 1, value: 0.5 });
      expect(await readRuns(system.db, id)).toEqual([]);
      for (const attempt of [2, 3]) {
        expect(await rerun(system.db.pool, id)).toMatchObject({ needs: 'cpu' });
        await ringNow(system, id);
        await until('it is verified', 120_000, async () => {
          const row = await readRow(system.db.pool, id);
          return row.state === 'scored' && row.attempt === attempt;
        });
      }
      expect(await readVerdict(system.db, id)).toMatchObject({ state: 'scored', value: 0.5, notices: [notice] });
      const runs = await readRuns(system.db, id);
      expect(runs).toHaveLength(2);
      expect(runs[0]).toMatchObject({ verifying: true, sentence: notice, scored: true });
      if (id !== broken) expect(runs[0]?.scores).toMatchObject({ public: { top1: {} } });
    }
    expect(await wrongStandings(system.db.pool)).toEqual([]);
  });

  it('is scored again with a new answer key from what it wrote, and runs again when it is told to', async () => {
    const own = await makeCompetition(course);
    await acceptCode(system, own);
    const id = await submitCode(system, own, { userId: course.students[1]?.id ?? 0, does: good });
    await inState(system.db.pool, id, 'scored');
    const ran = fake.runs.length;
    const phase = await system.db.prisma.submission.findUniqueOrThrow({ where: { id } });
    expect(await rerunAll(system.db.pool, phase.phaseId, false)).toMatchObject([{ submissionId: id, needs: 'score' }]);
    await ringNow(system, id);
    await until('it is scored again', 120_000, async () => {
      const row = await readRow(system.db.pool, id);
      return row.state === 'scored' && row.attempt === 2;
    });
    expect(fake.runs.length).toBe(ran);
    expect(await rerun(system.db.pool, id)).toMatchObject({ needs: 'cpu' });
    await ringNow(system, id);
    await until('it has run again', 120_000, async () => {
      const row = await readRow(system.db.pool, id);
      return row.state === 'scored' && row.attempt === 3;
    });
    expect((await readRuns(system.db, id)).map(({ attempt }) => attempt)).toEqual([1, 3]);
  });

  it('waits in silence until its phase has an image', async () => {
    const own = await makeCompetition(course);
    await acceptCode(system, own, {}, null);
    const id = await submitCode(system, own, { userId: course.students[1]?.id ?? 0, does: good });
    await sleep(700);
    expect(await readRow(system.db.pool, id)).toMatchObject({ state: 'queued', attempt: 0 });
    await acceptCode(system, own);
    await inState(system.db.pool, id, 'scored');
  });

  it('waits, at no cost, while the sandbox is away; predictions are scored meanwhile', async () => {
    const stuck = await submit({ ...good, waits: 'daemon' });
    await until('it runs', 120_000, async () => fake.running.has(`worker-1-${stuck}-1`));
    fake.goAway(new Error('connect ENOENT docker.sock'));
    const status = async () => {
      const row = await system.db.prisma.worker.findUnique({ where: { name: 'worker-1' } });
      return JSON.stringify(row?.info);
    };
    await until('the worker says so', 120_000, async () => (await status()).includes('ENOENT'));
    const id = await submit(good);
    const sent = await course.students[2]?.submit(await makeCompetition(course), tinyPredictions);
    await inState(system.db.pool, sent?.id ?? 0, 'scored');
    expect(await readRow(system.db.pool, id)).toMatchObject({ state: 'queued', tries: 0 });
    fake.goAway();
    fake.release('daemon');
    expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ attempt: 1 });
  });

  it('may be taken back while it waits', async () => {
    const id = await submit(good, { priority: 9 });
    const taken = await cancel(system.db.pool, id, { reruns: false });
    if (taken) expect(await readRuns(system.db, id)).toEqual([]);
    else await inState(system.db.pool, id, 'scored');
  });
});
