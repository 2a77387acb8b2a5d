import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Operations } from '../../core/contract/operations.ts';
import { acceptCode, submitCode } from '../support/code.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, makePerson, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { seeWorker, startRun } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';

describe('how the server goes, for who runs it', () => {
  let system: System;
  let course: TestCourse;
  let admin: Person;
  let slug: string;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 2 });
    admin = await makePerson(system, undefined, 'student', true);
    slug = await makeCompetition(course);
  });
  afterAll(async () => await system.stop());

  const look = async () => {
    const answer = await admin.call('GET /operations');
    expect(answer.status, answer.text).toBe(200);
    return Operations.parse(answer.body);
  };
  const change = async (text: string, values: unknown[] = []) => await system.db.pool.query(text, values);

  it('is whole where nothing has happened and nobody works', async () => {
    const { queues, workers, jobs, durations, disk, versions, dependencies, outboxes } = await look();
    expect(queues.map(({ needs, waiting, slots }) => [needs, waiting, slots])).toEqual([
      ['score', 0, 0],
      ['cpu', 0, 0],
      ['gpu', 0, 0],
    ]);
    expect([workers, jobs, durations]).toEqual([[], [], []]);
    expect(disk.totalBytes).toBeGreaterThan(disk.freeBytes);
    expect(disk.databaseBytes).toBeGreaterThan(1_000_000);
    expect(versions).toMatchObject({ node: process.version, postgres: expect.stringMatching(/^\d+/) });
    expect(versions.migration).toMatch(/^\d{14}_/);
    expect(dependencies).toEqual({ redis: true, mail: false });
    expect(outboxes.mail).toEqual({ waiting: 0, failed: 0, oldestWaitingSeconds: null });
  });

  it('tells what is stuck, and why', async () => {
    const [student] = course.students;
    const waiting = (await student?.submit(slug, tinyPredictions))?.id ?? 0;
    const coded = await makeCompetition(course);
    await acceptCode(system, coded, {}, null);
    const userId = student?.id ?? 0;
    const withoutImage = await submitCode(system, coded, { userId, does: {} });
    const other = await makeCompetition(course);
    await acceptCode(system, other);
    const ids = [
      await submitCode(system, other, { userId, does: {} }),
      await submitCode(system, other, { userId, does: {} }),
    ];
    const [long = 0, lost = 0] = ids;
    for (const id of ids) await startRun(system.db, id);
    await change(
      `update run set prepared_at = now(), started_at = now() - interval '2 hours' where submission_id = $1`,
      [long],
    );
    await change(`update submission set lease_until = now() - interval '1 minute' where id = $1`, [lost]);

    const stuckOf = async (id: number) => (await look()).jobs.find(({ submissionId }) => submissionId === id)?.stuck;
    expect(await stuckOf(waiting)).toBe('no-worker');
    expect(await stuckOf(withoutImage)).toBe('no-image');
    expect(await stuckOf(long)).toBe('long');
    expect(await stuckOf(lost)).toBe('lease-over');
    await seeWorker(system.db, 'one', {
      slots: { score: 2, cpu: 1, gpu: 0 },
      gpus: [{ id: 'GPU-1', name: 'H200', state: 'drained', reason: 'ECC' }],
    });
    await change(
      `insert into worker (name, started_at, seen_at, info) values ('dead', now(), now() - interval '1 hour', '{}')`,
    );
    const { queues, workers, jobs } = await look();
    expect(await stuckOf(waiting)).toBeNull();
    expect(queues[0]).toMatchObject({ needs: 'score', waiting: 1, slots: 2 });
    expect(queues[1]).toMatchObject({ needs: 'cpu', waiting: 1, running: 2, withoutImage: 1, slots: 1 });
    expect(queues[0]?.oldestWaitingSeconds).toBeGreaterThanOrEqual(0);
    expect(workers).toMatchObject([
      { name: 'dead', alive: false, info: null },
      { name: 'one', alive: true, info: { gpus: [{ state: 'drained', reason: 'ECC' }] } },
    ]);
    // The stuck ones first.
    expect(jobs.map(({ stuck }) => stuck !== null)).toEqual([true, true, true, false]);
    expect(jobs.find(({ submissionId }) => submissionId === long)).toMatchObject({ worker: 'the-worker-of-the-test' });
  });

  it('tells how long the stages took, and names nobody', async () => {
    await system.startWorker();
    const [, second] = course.students;
    const id = (await second?.submit(slug, tinyPredictions))?.id ?? 0;
    await second?.finished(id);
    const scored = await until('it is counted', 120_000, async () =>
      (await look()).durations.find(({ needs }) => needs === 'score'),
    );
    expect(scored.finished).toBeGreaterThan(0);
    expect(scored.waiting?.half).toBeGreaterThanOrEqual(0);
    expect(scored.grading?.most).toBeGreaterThanOrEqual(scored.grading?.half ?? 0);
    expect(scored.running).toBeNull();
    const { text } = await admin.call('GET /operations');
    for (const { name, email } of course.students)
      for (const secret of [name, email]) expect(text).not.toContain(secret);
  });

  it('is no business of anybody else', async () => {
    for (const person of [course.instructor, course.ta, ...course.students])
      expect((await person.call('GET /operations')).problem()).toMatchObject({ status: 403, type: 'forbidden' });
  });
});
