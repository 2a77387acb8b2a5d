import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { MyTeam } from '../../core/contract/teams.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the name on a board', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;
  let [ada, ben]: Person[] = [];
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 5 });
    slug = await makeCompetition(course);
    [ada, ben] = course.students;
  });

  const one = (person: Person | undefined): Person => {
    if (!person) throw new Error('students are needed');
    return person;
  };
  const submit = async (person: Person) => await person.finished((await person.submit(slug, tinyPredictions)).id);
  const team = async (person: Person | undefined) =>
    MyTeam.parse((await one(person).call(`GET /competitions/${slug}/team`)).body);
  const board = async (person: Person | undefined) => await one(person).call(`GET /competitions/${slug}/leaderboard`);
  const show = async (person: Person | undefined, shown: boolean) =>
    await one(person).json(`PUT /competitions/${slug}/team/name`, { shown });

  it('is none before something is submitted, then two words, which can be drawn anew', async () => {
    expect(await team(ada)).toEqual({ pseudonym: null, nameShown: false, rerollsLeft: 20 });
    await submit(one(ada));
    const before = await team(ada);
    expect(before.pseudonym).toMatch(/^[A-Z]\w+ [A-Z]\w+$/);
    const drawn = MyTeam.parse((await one(ada).call(`POST /competitions/${slug}/team/pseudonym`)).body);
    expect(drawn.pseudonym).not.toBe(before.pseudonym);
    expect(drawn.rerollsLeft).toBe(19);
    expect(await team(ada)).toEqual(drawn);
    await expect.poll(async () => (await board(ben)).text).toContain(drawn.pseudonym);
    expect((await board(ben)).text).not.toContain(before.pseudonym);
  });

  it('is drawn anew only so often, also by many requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, async () => await one(ada).call(`POST /competitions/${slug}/team/pseudonym`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.problem()).toMatchObject({ type: 'limit-reached', detail: expect.stringContaining('20 times') });
    expect((await team(ada)).rerollsLeft).toBe(0);
  });

  it('has a student’s own beside it as long as they want, in this competition alone', async () => {
    await submit(one(ada));
    const other = await makeCompetition(course);
    expect((await board(ben)).text).not.toContain(one(ada).name);
    expect((await show(ada, true)).status).toBe(200);
    await expect.poll(async () => (await board(ben)).text).toContain(one(ada).name);
    const [row] = Leaderboard.parse((await board(ben)).body).rows;
    expect(row?.shownNames).toEqual([one(ada).name]);
    expect(JSON.stringify(row)).not.toContain(one(ada).email);
    expect(await one(ada).call(`GET /competitions/${other}/team`)).toMatchObject({ body: { nameShown: false } });
    expect((await show(ada, false)).status).toBe(200);
    await expect.poll(async () => (await board(ben)).text).not.toContain(one(ada).name);
  });

  it('stands on no board that students see before there are five, unless the competition shows small ones', async () => {
    expect((await course.instructor.json(`PATCH /competitions/${slug}`, { showSmallBoards: false })).status).toBe(200);
    for (const person of course.students.slice(0, 4)) await submit(person);
    const hidden = await board(ada);
    expect(hidden.status).toBe(403);
    expect(hidden.problem()).toMatchObject({ type: 'board-hidden', detail: expect.stringContaining('once 5 teams') });
    expect((await board(course.ta)).status).toBe(200);
    await submit(one(course.students[4]));
    await expect.poll(async () => (await board(ada)).status).toBe(200);
    expect(Leaderboard.parse((await board(ada)).body).rows).toHaveLength(5);
  });
});
