import { expect, it } from 'vitest';
import { Submission } from '../../core/contract/submissions.ts';
import { makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person } from '../support/people.ts';
import { registerImage, seeWorker, startRun, tinyScript } from '../support/simulated-runs.ts';
import { startSystem } from '../support/system.ts';

it('says when code starts at the latest where no run of the last day tells, and to staff which GPUs are drained', async () => {
  const system = await startSystem({ worker: false });
  try {
    const course = await makeCourse(system, { students: 2 });
    await registerImage(system.db, 'python', 'sha256:python');
    const runSettings = { limits: { wallSeconds: 50_000 } };
    const slug = await makeCompetition(course, { settings: { accepts: ['code'], runSettings } });
    const [first = 0, second = 0] = await Promise.all(
      course.students.map(async (who) => (await who.submit(slug, tinyScript, 'a.py')).id),
    );
    await startRun(system.db, first);
    // Who is read may have been seen a second ago, and a worker is forgotten after half a minute.
    const seen = async (who: Person, info: Parameters<typeof seeWorker>[2]) => {
      await seeWorker(system.db, 'one', info);
      return Submission.parse((await who.call(`GET /submissions/${second}`)).body);
    };
    const slots = { score: 1, cpu: 1, gpu: 1 };
    const { instructor } = course;
    await expect.poll(async () => (await seen(instructor, { slots })).latestStartAt, { timeout: 30_000 }).toBeDefined();
    const { latestStartAt, estimatedStartAt } = await seen(instructor, { slots });
    expect(estimatedStartAt).toBeUndefined();
    const seconds = (Date.parse(latestStartAt ?? '') - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(40_000);
    expect(seconds).toBeLessThan(60_000);

    await system.db.pool.query(`update submission set needs = 'gpu' where id = $1`, [second]);
    const gpu = { id: 'GPU-7', name: 'H100', state: 'drained', reason: 'Xid 79' } as const;
    const drained = { slots, queues: ['gpu' as const], gpus: [gpu] };
    const none = 'No grader with a GPU is there right now; it starts when one is.';
    await expect
      .poll(async () => (await seen(instructor, drained)).waitingFor, { timeout: 30_000 })
      .toBe(`${none} Drained: H100 GPU-7 (Xid 79).`);
    const author = course.students.find((_, index) => index === 1);
    if (author) expect((await seen(author, drained)).waitingFor).toBe(none);
  } finally {
    await system.stop();
  }
});
