import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { makeHook, startHookReceiver, type HookReceiver, type TestHook } from '../support/hook-receiver.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

describe('that a competition has opened', () => {
  let receiver: HookReceiver;
  let system: System;
  let course: TestCourse;
  let hook: TestHook;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    system = await startSystem({ worker: false, environment: { HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` } });
  });
  beforeEach(async () => {
    for (let i = 0; i < 2; i++) await system.startWorker();
    course = await makeCourse(system, { students: 0 });
    hook = await makeHook(course, receiver, { events: ['competition.opened'] });
  });
  afterAll(async () => {
    await system.stop();
    await receiver.close();
  });

  const fromNow = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();
  const move = async (slug: string, opensInHours: number, dueInHours = 9) => {
    const dates = { opensAt: fromNow(opensInHours), dueAt: fromNow(dueInHours) };
    const answer = await course.instructor.json(`PATCH /competitions/${slug}`, dates);
    expect(answer.status, answer.text).toBe(200);
  };
  const opened = async () => (await hook.deliveries()).filter(({ event }) => event === 'competition.opened').length;
  /** Every worker has looked twice since. */
  const looked = async () => {
    const marker = await makeCourse(system, { students: 0 });
    for (let i = 0; i < 2; i++) {
      const slug = await makeCompetition(marker);
      await until('the workers looked', 120_000, async () => {
        const { rowCount } = await system.db.pool.query(
          `select from phase_opening join phase on phase.id = phase_id join competition on competition.id = competition_id where competition.slug = $1`,
          [slug],
        );
        return rowCount === 1;
      });
    }
  };
  const toldOnce = async (count: number) => {
    await until('it is told', 120_000, async () => (await opened()) >= count);
    await looked();
    expect(await opened()).toBe(count);
  };

  it('is told once, by any number of workers, and moves with the date', async () => {
    const slug = await makeCompetition(course, { settings: { opensAt: fromNow(2), dueAt: fromNow(9) } });
    await looked();
    expect(await opened()).toBe(0);
    await move(slug, 1);
    await looked();
    expect(await opened()).toBe(0);
    await move(slug, -1);
    await toldOnce(1);
    // It was open and stays so.
    await move(slug, -2);
    await looked();
    expect(await opened()).toBe(1);
  });

  it('is told again where it was put off into the future, when that has come', async () => {
    const slug = await makeCompetition(course);
    await toldOnce(1);
    await move(slug, 3);
    await looked();
    expect(await opened()).toBe(1);
    await move(slug, -1);
    await toldOnce(2);
  });

  it('is told after a downtime in which it opened, once', async () => {
    const slug = await makeCompetition(course, { settings: { opensAt: fromNow(2), dueAt: fromNow(9) } });
    await looked();
    await system.pauseWorkers();
    await move(slug, -1);
    for (let i = 0; i < 2; i++) await system.startWorker();
    await toldOnce(1);
    await system.pauseWorkers();
    await system.startWorker();
    await toldOnce(1);
  });

  it('is told when it is published, if that is later, and never of what is a draft or over', async () => {
    const draft = await makeCompetition(course, { published: false });
    const over = await makeCompetition(course, { settings: { opensAt: fromNow(-3), dueAt: fromNow(-2) } });
    await looked();
    expect(await opened()).toBe(0);
    expect((await course.instructor.call(`POST /competitions/${draft}/publish`)).status).toBeLessThan(300);
    await toldOnce(1);
    // A hook that is made later hears nothing of the past.
    const late = await makeHook(course, receiver);
    await looked();
    expect((await late.deliveries()).map(({ event }) => event)).toEqual(['test']);
    expect(over).not.toBe(draft);
  });

  it('is told of each phase', async () => {
    const slug = await makeCompetition(course);
    await toldOnce(1);
    const phase = { slug: 'final', title: 'Final', opensAt: fromNow(-1), dueAt: fromNow(3) };
    expect((await course.instructor.json(`POST /competitions/${slug}/phases`, phase)).status).toBe(201);
    await toldOnce(2);
    const bodies = receiver.at(hook.path).map(({ body }) => body);
    await until('both came', 120_000, async () => Promise.resolve(receiver.at(hook.path).length === 2));
    expect(bodies.join()).toContain('"phase":{"slug":"main"');
  });
});
