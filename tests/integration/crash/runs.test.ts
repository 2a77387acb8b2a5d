import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hangBlob } from '../../support/blobs.ts';
import { acceptCode, readRuns, submitCode } from '../../support/code.ts';
import { makeCompetition, tinyKey, tinyPredictions } from '../../support/competitions.ts';
import type { Program } from '../../support/fake-executor.ts';
import { makeInstallation, type Installation } from '../../support/installation.ts';
import { makeCourse, type TestCourse } from '../../support/people.ts';
import { until } from '../../support/poll.ts';
import { inState, readRow, wrongStandings } from '../../support/truth.ts';

describe('a worker that dies, hangs or is stopped while it runs code', () => {
  let site: Installation;
  let course: TestCourse;

  beforeAll(async () => {
    site = await makeInstallation();
    await site.startApi();
    course = await makeCourse(site, { students: 1 });
  });
  afterEach(async () => await site.killWorkers());
  afterAll(async () => await site.remove());

  let competitions = 0;
  /** Each in a competition of its own, so that hanging its answer key hangs nothing else. */
  const submit = async (does: Program) => {
    competitions++;
    const key = tinyKey.replaceAll(/\bd\b/g, `d${competitions}`);
    const predictions = tinyPredictions.replaceAll(/\bd\b/g, `d${competitions}`);
    const slug = await makeCompetition(course, { key });
    await acceptCode(site, slug);
    const id = await submitCode(site, slug, {
      userId: course.students[0]?.id ?? 0,
      does: { prints: 'Epoch 1\n', writes: { 'predictions.csv': predictions }, ...does },
    });
    const answerKey = await site.db.prisma.answerKey.findFirstOrThrow({ where: { phase: { competition: { slug } } } });
    return { id, keyHash: answerKey.hash };
  };
  const reached = { prepare: 'begun', run: 'started', score: 'exited' } as const;
  const newFile = () => join(site.dataDir, `go-${Math.random().toString(36).slice(2)}`);
  const inStage = async (id: number, stage: 'begun' | 'started' | 'exited') =>
    await until(`its run has ${stage}`, 120_000, async () => {
      const run = (await readRuns(site.db, id)).at(-1);
      return run !== undefined && (stage === 'begun' || run[stage]);
    });

  it.each(['prepare', 'run', 'score'] as const)('is replaced when it is killed while it should %s', async (stage) => {
    const go = newFile();
    const { id, keyHash } = await submit({
      ...(stage === 'prepare' && { preparesUntilFile: go }),
      ...(stage === 'run' && { waitsForFile: go }),
    });
    const putBack = stage === 'score' ? await hangBlob(site.dataDir, keyHash) : undefined;
    const victim = await site.startFakeWorker();
    await inStage(id, reached[stage]);
    await victim.kill();
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'running', attempt: 1 });
    await writeFile(go, '');
    await putBack?.();
    await site.startFakeWorker();
    expect(await inState(site.db.pool, id, 'scored')).toMatchObject({ attempt: 2, tries: 2, value: 0.5 });
    const [first, second, ...others] = await readRuns(site.db, id);
    expect(others).toEqual([]);
    expect(first).toMatchObject(
      stage === 'score'
        ? { ending: 'exited', scored: false }
        : { ending: 'broken', fault: 'the worker was lost', scored: false },
    );
    expect(second).toMatchObject({ ending: 'exited', scored: true, fault: null });
    expect(await wrongStandings(site.db.pool)).toEqual([]);
  });

  it('is given up on by code that kills it each time', async () => {
    const { id } = await submit({ waitsForFile: newFile() });
    for (let attempt = 1; attempt <= 3; attempt++) {
      const victim = await site.startFakeWorker();
      await until(`attempt ${attempt} runs`, 120_000, async () => {
        const runs = await readRuns(site.db, id);
        return runs.length === attempt && runs.at(-1)?.started;
      });
      await victim.kill();
    }
    await site.startFakeWorker();
    expect(await inState(site.db.pool, id, 'failed')).toMatchObject({ attempt: 3, tries: 3 });
    expect((await readRuns(site.db, id)).map(({ ending }) => ending)).toEqual(['broken', 'broken', 'broken']);
  });

  it('kills its program and changes nothing when it wakes up after another has taken over', async () => {
    const go = newFile();
    const { id } = await submit({ waitsForFile: go });
    const sleeper = await site.startFakeWorker();
    await inStage(id, 'started');
    sleeper.freeze();
    const heir = await site.startFakeWorker();
    await until('another runs it', 120_000, async () => (await readRow(site.db.pool, id)).attempt === 2);
    sleeper.thaw();
    await sleeper.logged('the lease was lost');
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'running', attempt: 2 });
    await writeFile(go, '');
    const scored = await inState(site.db.pool, id, 'scored');
    expect(scored).toMatchObject({ attempt: 2, value: 0.5 });
    expect((await readRuns(site.db, id)).map(({ scored: isScored }) => isScored)).toEqual([false, true]);
    await heir.stop();
    await sleeper.stop();
    expect(await readRow(site.db.pool, id)).toEqual(scored);
  });

  it('kills its program and gives it back when it is asked to stop, at no cost', async () => {
    const go = newFile();
    const { id } = await submit({ waitsForFile: go });
    const leaver = await site.startFakeWorker({ RUN_LEASE_MS: '60000', WORKER_NAME: 'leaver' });
    await inStage(id, 'started');
    expect(await leaver.stop()).toBe('ended with code 0');
    expect(await readRow(site.db.pool, id)).toMatchObject({ state: 'queued', attempt: 1, tries: 0, fault: null });
    expect(await readRuns(site.db, id)).toMatchObject([{ ending: 'broken', fault: 'the worker was shut down' }]);
    expect(await site.db.prisma.worker.findUnique({ where: { name: 'leaver' } })).toBeNull();
    await writeFile(go, '');
    await site.startFakeWorker();
    expect(await inState(site.db.pool, id, 'scored')).toMatchObject({ attempt: 2, tries: 1 });
  });
});
