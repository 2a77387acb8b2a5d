import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRegrades, Regrade } from '../../core/contract/regrades.ts';
import { makeGraded, type GradedCompetition } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const scheme = { rubric: [{ id: 'report', title: 'Report', points: 10 }], regradeDays: 7 };

describe('regrade requests', () => {
  let system: System;
  let course: TestCourse;
  let graded: GradedCompetition;
  let ada: Person;
  let ben: Person;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
    graded = await makeGraded(course);
    await graded.setScheme(scheme);
    await graded.close();
    await graded.release();
  });

  const ask = async (person: Person, text = 'Please look again.') =>
    await person.json(`POST /competitions/${graded.slug}/regrades`, { text });
  const asked = async (person: Person) => Regrade.parse((await ask(person)).body);
  const list = async () =>
    listRegrades.schema.response[200].parse((await course.ta.call(`GET /competitions/${graded.slug}/regrades`)).body)
      .regrades;

  it('have a thread between the student and the staff, and one outcome', async () => {
    const { id } = await asked(ada);
    expect((await graded.mine(ada)).mayAsk).toBe(false);
    await course.ta.json(`POST /regrades/${id}/messages`, { text: 'Which part?' });
    await ada.json(`POST /regrades/${id}/messages`, { text: 'The last one.' });
    const decision = { outcome: 'granted', text: 'You are right.' };
    const decided = await course.instructor.json(`POST /regrades/${id}/decision`, decision);
    expect(decided.body).toMatchObject({ state: 'granted', student: { userId: ada.id, name: ada.name } });

    const mine = await graded.mine(ada);
    expect(mine.mayAsk).toBe(true);
    expect(mine.regrades).toMatchObject([{ id, state: 'granted' }]);
    expect(mine.regrades[0]?.messages.map(({ author, text }) => [author, text])).toEqual([
      ['student', 'Please look again.'],
      ['staff', 'Which part?'],
      ['student', 'The last one.'],
      ['staff', 'You are right.'],
    ]);
    expect((await course.ta.json(`POST /regrades/${id}/decision`, decision)).problem().detail).toMatch(
      /it was granted/,
    );
    expect((await ada.json(`POST /regrades/${id}/messages`, { text: 'Thanks.' })).status).toBe(409);
  });

  it('don’t tell the student who of the staff wrote, and tell the staff', async () => {
    const { id } = await asked(ada);
    await course.ta.json(`POST /regrades/${id}/messages`, { text: 'Which part?' });
    const { text } = await ada.call(`GET /competitions/${graded.slug}/my-grade`);
    expect(text).toContain('Which part?');
    expect(text).not.toContain(course.ta.name);
    expect((await ada.json(`POST /regrades/${id}/messages`, { text: 'This.' })).text).not.toContain(course.ta.name);
    expect((await list())[0]?.messages.map(({ name }) => name)).toEqual([ada.name, course.ta.name, ada.name]);
  });

  it('are one at a time, however often they are sent', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await ask(ada)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    expect((await graded.mine(ada)).regrades).toHaveLength(1);
  });

  it('need a released grade, and the days after its release', async () => {
    const { pool } = system.db;
    await pool.query(`update grade_release set regrade_until = now() - interval '1 second' where user_id = $1`, [
      ada.id,
    ]);
    expect((await graded.mine(ada)).mayAsk).toBe(false);
    expect((await ask(ada)).problem()).toMatchObject({ type: 'deadline-passed' });
    await pool.query(`update grade_release set regrade_until = now() + interval '1 hour' where user_id = $1`, [ada.id]);
    expect((await ask(ada)).status).toBe(201);
    await course.instructor.json(`POST /competitions/${graded.slug}/grades/withdraw`, { students: [ben.id] });
    expect((await ask(ben)).problem().detail).toMatch(/not released/);
  });

  it('can be asked for so many days as the scheme says at the release; none where it says none', async () => {
    const { releasedAt = '', regradeUntil } = (await graded.mine(ada)).released ?? {};
    expect(Date.parse(regradeUntil ?? '') - Date.parse(releasedAt)).toBe(7 * 24 * 3_600_000);
    await graded.setScheme({ rubric: [{ ...scheme.rubric[0], points: 12 }], regradeDays: 0 }, 1);
    await graded.release();
    expect((await graded.mine(ada)).released?.regradeUntil).toBeNull();
    expect((await ask(ada)).problem().detail).toMatch(/No regrades can be asked for here/);
  });

  it('are for nobody’s eyes but the student’s and the staff’s', async () => {
    const { id } = await asked(ada);
    const other = await makeCourse(system, { students: 1 });
    for (const person of [ben, other.instructor, other.ta])
      expect((await person.json(`POST /regrades/${id}/messages`, { text: 'Hello?' })).status).toBe(404);
    expect((await ada.json(`POST /regrades/${id}/decision`, { outcome: 'granted', text: 'Yes.' })).status).toBe(403);
    expect((await ben.json(`POST /regrades/${id}/decision`, { outcome: 'granted', text: 'Yes.' })).status).toBe(404);
    expect((await graded.mine(ben)).regrades).toEqual([]);
    expect((await ada.json(`POST /regrades/999999999/messages`, { text: 'Hello?' })).status).toBe(404);
    expect((await ask(ben, ' ')).status).toBe(400);
  });

  it('are listed for the staff: the open ones first, the oldest of them on top', async () => {
    const first = await asked(ada);
    await course.ta.json(`POST /regrades/${first.id}/decision`, { outcome: 'declined', text: 'It stands.' });
    const second = await asked(ben);
    const third = await asked(ada);
    expect((await list()).map(({ id }) => id)).toEqual([second.id, third.id, first.id]);
  });
});
