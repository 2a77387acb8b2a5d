import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDue } from '../../core/contract/due.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const inHours = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();

describe('what is due', () => {
  let system: System;
  let course: TestCourse;
  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 5 });
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  };
  const dueFor = async (person: Person) =>
    listDue.schema.response[200].parse((await person.call('GET /me/due')).body).due;
  const make = async (settings: Record<string, unknown>) => await makeCompetition(course, { settings });

  it('comes in the order of my own dates, without what is over, a draft, or what I only help with', async () => {
    const soon = await make({ dueAt: inHours(5) });
    const later = await make({ dueAt: inHours(20) });
    const upcoming = await make({ opensAt: inHours(2), dueAt: inHours(30) });
    const over = await make({ opensAt: inHours(-9), dueAt: inHours(-3) });
    await makeCompetition(course, { published: false, settings: { dueAt: inHours(3) } });
    const ada = student(0);
    expect((await dueFor(ada)).map(({ competition, status }) => [competition, status])).toEqual([
      [soon, 'open'],
      [later, 'open'],
      [upcoming, 'upcoming'],
    ]);
    // With an extension what is over is due again, and what was first is last.
    for (const [slug, hours] of [
      [over, 1],
      [soon, 25],
    ] as const)
      await course.ta.json(`POST /competitions/${slug}/extensions`, {
        userId: ada.id,
        dueAt: inHours(hours),
        reason: 'Ill',
      });
    const mine = await dueFor(ada);
    expect(mine.map(({ competition }) => competition)).toEqual([over, later, soon, upcoming]);
    expect(mine[0]).toMatchObject({ status: 'open', mine: { extended: true } });
    expect((await dueFor(student(1))).map(({ competition }) => competition)).toEqual([soon, later, upcoming]);
    expect(await dueFor(course.ta)).toEqual([]);
    expect(await dueFor(course.instructor)).toEqual([]);
  });

  it('tells my standing and what I have left; no rank where few teams are', async () => {
    const slug = await make({ dueAt: inHours(1), dailyLimit: 3, totalLimit: 10, showSmallBoards: false });
    const mine = async (index: number) =>
      (await dueFor(student(index))).find(({ competition }) => competition === slug);
    const ada = student(0);
    expect(await mine(0)).toMatchObject({ standing: null, allowance: { leftToday: 3, leftTotal: 10 } });
    await ada.finished((await ada.submit(slug, tinyPredictions)).id);
    expect(await mine(0)).toMatchObject({
      standing: { rank: null, teams: null, metric: 'top1', value: 0.5 },
      allowance: { leftToday: 2, leftTotal: 9 },
      phaseTitle: null,
    });
    for (const index of [1, 2, 3, 4])
      await student(index).finished((await student(index).submit(slug, 'id,label\na,0\nb,1\nc,2\nd,3\n')).id);
    expect(await mine(0)).toMatchObject({ standing: { rank: 5, teams: 5 } });
    expect(await mine(1)).toMatchObject({ standing: { rank: 1, value: 1 } });
  });
});
