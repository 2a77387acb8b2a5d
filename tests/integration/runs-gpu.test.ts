import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubmissionNeeds } from '../../core/contract/runs.ts';
import { WorkerInfo } from '../../core/contract/workers.ts';
import { acceptCode, readRuns, submitCode } from '../support/code.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { createFakeExecutor, type FakeExecutor, type Program } from '../support/fake-executor.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, readRow } from '../support/truth.ts';

const good: Program = { writes: { 'predictions.csv': tinyPredictions } };
const devices = ['GPU-0', 'GPU-1'].map((id) => ({ id, name: 'Fake', memoryMiB: 1024, driver: '1' }));

describe('a worker with two GPUs and one CPU slot', () => {
  let system: System;
  let course: TestCourse;
  let fake: FakeExecutor;
  let byGpus: string[];

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    byGpus = [];
    for (const gpus of [0, 1, 2, 3]) {
      const slug = await makeCompetition(course);
      await acceptCode(system, slug, { limits: { gpus } });
      byGpus.push(slug);
    }
    fake = createFakeExecutor();
    await system.startWorker(
      { SANDBOX: 'docker', WORKER_CPU_SLOTS: '1', RUN_LEASE_MS: '2000', HEARTBEAT_MS: '100' },
      { connect: async () => await Promise.resolve(fake), gpus: devices },
    );
  });
  afterAll(async () => await system.stop());

  const submit = async (
    gpus: number,
    does: Program,
    needs: Exclude<SubmissionNeeds, 'score'> = gpus > 0 ? 'gpu' : 'cpu',
  ) => await submitCode(system, byGpus[gpus] ?? '', { userId: course.students[0]?.id ?? 0, does, needs });
  const running = async (id: number) =>
    await until(`${id} runs`, 120_000, async () => [...fake.running].some((name) => name.endsWith(`-${id}-1`)));
  const gpusOf = async (id: number) => (await readRuns(system.db, id)).at(-1)?.gpus;

  it('lets nothing for a GPU wait behind what needs a CPU, nor the other way round', async () => {
    const onCpu = await submit(0, { ...good, waits: 'cpu' });
    await running(onCpu);
    const behind = await submit(0, good);
    const onGpu = await submit(1, good);
    await inState(system.db.pool, onGpu, 'scored');
    expect(await readRow(system.db.pool, behind)).toMatchObject({ state: 'queued', attempt: 0 });
    const held = [await submit(1, { ...good, waits: 'gpu' }), await submit(1, { ...good, waits: 'gpu' })];
    for (const id of held) await running(id);
    fake.release('cpu');
    await inState(system.db.pool, behind, 'scored');
    fake.release('gpu');
    for (const id of [onCpu, ...held]) await inState(system.db.pool, id, 'scored');
  });

  it('gives each run devices of its own, says which, and makes the next ready on the same', async () => {
    const held = [await submit(1, { ...good, waits: 'own' }), await submit(1, { ...good, waits: 'own' })];
    for (const id of held) await running(id);
    expect(new Set((await Promise.all(held.map(gpusOf))).flat())).toEqual(new Set(['GPU-0', 'GPU-1']));
    const before = fake.anticipated.length;
    const next = await submit(1, good);
    const readyOn = () => new Set(fake.anticipated.slice(before).flatMap(({ gpus }) => gpus));
    await until('the next is made ready on both', 120_000, async () => readyOn().size === devices.length);
    expect(readyOn()).toEqual(new Set(['GPU-0', 'GPU-1']));
    expect(await readRow(system.db.pool, next)).toMatchObject({ state: 'queued', attempt: 0 });
    fake.release('own');
    for (const id of [...held, next]) await inState(system.db.pool, id, 'scored');
    const spec = fake.runs.find(({ labels }) => labels['topk.submission'] === String(next));
    expect(spec?.gpus).toHaveLength(1);
  });

  it('gives two devices to who asks for two, and leaves who asks for three to another worker', async () => {
    const three = await submit(3, good);
    const one = await submit(1, { ...good, waits: 'one' });
    await running(one);
    const two = await submit(2, good);
    await until('it has been rung for', 120_000, async () => (await readRow(system.db.pool, two)).state === 'queued');
    fake.release('one');
    await inState(system.db.pool, two, 'scored');
    expect(new Set(await gpusOf(two))).toEqual(new Set(['GPU-0', 'GPU-1']));
    expect(await readRow(system.db.pool, three)).toMatchObject({ state: 'queued', attempt: 0, tries: 0 });
  });

  it('says in the table of workers what it has and does', async () => {
    const id = await submit(1, { ...good, waits: 'told' });
    await running(id);
    await until('it says so', 120_000, async () => {
      const row = await system.db.prisma.worker.findUniqueOrThrow({ where: { name: 'worker-1' } });
      const info = WorkerInfo.parse(row.info);
      expect(info).toMatchObject({
        queues: ['score', 'cpu', 'gpu'],
        slots: { cpu: 1, gpu: 2 },
        sandbox: { kind: 'ready', runtime: 'fake' },
      });
      return info.gpus.some(({ state }) => state === 'leased');
    });
    fake.release('told');
    await inState(system.db.pool, id, 'scored');
  });
});
