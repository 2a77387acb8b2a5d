import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Run } from '../../core/contract/runs.ts';
import { acceptCode, fakeImage, submitCode } from '../support/code.ts';
import { hourMs, makeCompetition, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { createFakeExecutor, programThat, type FakeExecutor, type Program } from '../support/fake-executor.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, readRow } from '../support/truth.ts';

const good: Program = { writes: { 'predictions.csv': tinyPredictions, 'other.csv': tinyPredictions } };

describe('a run', () => {
  let system: System;
  let course: TestCourse;
  let fake: FakeExecutor;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    fake = createFakeExecutor();
    await system.startWorker(
      { SANDBOX: 'docker', WORKER_CPU_SLOTS: '1' },
      { connect: async () => await Promise.resolve(fake) },
    );
  });
  afterAll(async () => await system.stop());

  const runsOf = async (who: Person | undefined, id: number) =>
    z.object({ runs: z.array(Run) }).parse((await who?.call(`GET /submissions/${id}/runs`))?.body).runs;
  const submit = async (slug: string) =>
    await submitCode(system, slug, { userId: course.students[0]?.id ?? 0, does: good });
  const scoredAs = async (id: number, attempt: number) => {
    await until(`attempt ${attempt} is scored`, 120_000, async () => {
      const row = await readRow(system.db.pool, id);
      return row.state === 'scored' && row.attempt === attempt;
    });
    const spec = fake.runs.find(({ name }) => name === `worker-1-${id}-${attempt}`);
    if (!spec) throw new Error('it did not run');
    return spec;
  };

  it('is run again as it was, though image, command, limits, seed, output and inputs of its phase are others by now', async () => {
    const slug = await makeCompetition(course);
    const files = `POST /competitions/${slug}/files`;
    await course.instructor.upload(`${files}?hidden=true`, 'x\n1\n', 'unseen.csv');
    await acceptCode(system, slug, { seed: 4_000_000_000, cellSeconds: 7, limits: { memoryMiB: 512 } });
    const id = await submit(slug);
    const before = await scoredAs(id, 1);

    const image = `sha256:${'2'.repeat(64)}`;
    const changed = { command: ['python3', '{entry}'], output: 'other.csv', seed: 2, limits: { memoryMiB: 1024 } };
    await acceptCode(system, slug, changed, image);
    await course.instructor.upload(files, 'id,x\na,2\n', 'test.csv');
    await course.instructor.call(`DELETE /competitions/${slug}/files/unseen.csv`);
    expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBe(202);
    const other = await scoredAs(id, 2);
    expect(other).toMatchObject({ image, env: { TOPK_SEED: '2' }, outputs: [{ name: 'other.csv' }] });
    expect(other.inputs.hidden).toBeUndefined();

    expect((await course.ta.call(`POST /submissions/${id}/rerun?as=1`)).status).toBe(202);
    const again = await scoredAs(id, 3);
    for (const part of ['image', 'limits', 'inputs', 'command', 'env', 'outputs'] as const)
      expect(again[part], part).toEqual(before[part]);
    expect(again).toMatchObject({ image: fakeImage, env: { TOPK_SEED: '4000000000', TOPK_CELL_SECONDS: '7' } });

    const [newest] = await runsOf(course.ta, id);
    expect(newest).toMatchObject({
      outputName: 'predictions.csv',
      cellSeconds: 7,
      inputs: [
        { name: 'test.csv', hidden: false },
        { name: 'unseen.csv', hidden: true },
      ],
    });
    expect(newest?.answerKey).toMatch(/^[0-9a-f]{64}$/);
    const [own] = await runsOf(course.students[0], id);
    expect([own?.inputs, own?.answerKey]).toEqual([undefined, undefined]);

    // Only this once: the phase's settings hold again.
    await course.ta.call(`POST /submissions/${id}/rerun`);
    expect(await scoredAs(id, 4)).toMatchObject({ image, outputs: [{ name: 'other.csv' }] });
  });

  it('is not run again as it was where that is not known, nor by students', async () => {
    const slug = await makeCompetition(course);
    await acceptCode(system, slug);
    const id = await submit(slug);
    await scoredAs(id, 1);
    expect((await course.students[0]?.call(`POST /submissions/${id}/rerun?as=1`))?.status).toBe(403);
    expect((await course.ta.call(`POST /submissions/${id}/rerun?as=2`)).status).toBe(404);
    await system.db.pool.query('update run set inputs = null where submission_id = $1', [id]);
    const answer = await course.ta.call(`POST /submissions/${id}/rerun?as=1`);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('before inputs were kept')]);
    expect(await readRow(system.db.pool, id)).toMatchObject({ state: 'scored' });
  });

  it('is made without an answer key for staff alone: they see what it did, and a key that comes later scores it', async () => {
    const slug = `c-${Date.now().toString(36)}`;
    const settings = { course: course.slug, slug, title: 'T', metrics: ['top1'], accepts: ['code', 'predictions'] };
    await course.instructor.json('POST /competitions', { ...settings, opensAt: new Date(0).toISOString() });
    await system.db.pool.query(
      `update phase set image_digest = $2 from competition where competition.id = competition_id and competition.slug = $1`,
      [slug, fakeImage],
    );
    const { id } = await course.instructor.submit(slug, programThat({ ...good, prints: 'trained' }), 'main.py');
    await inState(system.db.pool, id, 'rejected');
    const { body } = await course.instructor.call(`GET /submissions/${id}`);
    expect(body).toMatchObject({
      reason: expect.stringContaining('no answer key yet, so nothing was scored'),
      errors: [],
      run: { ending: 'exited', log: {}, output: {} },
    });
    const uploads = `POST /competitions/${slug}/submissions`;
    expect((await course.instructor.upload(uploads, tinyPredictions, 'a.csv')).status).toBe(409);
    await course.instructor.upload(`PUT /competitions/${slug}/answer-key?rescore=true`, tinyKey, 'solution.csv');
    expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ value: 0.5 });
  });

  it('reads the files of its own phase and those of all phases', async () => {
    const slug = await makeCompetition(course);
    const final = { slug: 'final', title: 'Final', opensAt: new Date(Date.now() + hourMs).toISOString() };
    expect((await course.instructor.json(`POST /competitions/${slug}/phases`, final)).status).toBe(201);
    const files = `POST /competitions/${slug}/files`;
    // Before the files: a change of theirs has the api read the competition anew.
    await acceptCode(system, slug);
    const put = async (query: string, name: string) =>
      await course.instructor.upload(`${files}?${query}`, `x\n${name}\n`, name);
    expect((await put('hidden=true&phase=final', 'final.csv')).body).toMatchObject({ files: [{ phase: 'final' }] });
    await put('hidden=true&phase=main', 'dev.csv');
    await put('phase=final', 'moved.csv');
    // Stays what it is where nothing is said.
    expect((await put('', 'moved.csv')).body).toMatchObject({ files: [{ phase: 'final' }] });
    expect((await put('phase=all', 'moved.csv')).body).not.toMatchObject({ files: [{ phase: 'final' }] });
    expect((await put('phase=none', 'x.csv')).status).toBe(404);
    expect((await put('phase=final', 'sample_submission.csv')).status).toBe(400);
    const sent = await course.students[0]?.submit(slug, programThat(good), 'main.py');
    const id = sent?.id ?? 0;
    const { inputs } = await scoredAs(id, 1);
    expect(inputs.hidden?.files.map(({ path }) => path)).toEqual(['dev.csv']);
    expect(inputs.data?.files.map(({ path }) => path)).toEqual(['moved.csv', 'test.csv']);
    const { body } = await course.ta.call(`GET /competitions/${slug}`);
    expect(body).toMatchObject({
      files: expect.arrayContaining([expect.objectContaining({ name: 'final.csv', phase: 'final' })]),
    });
  });
});
