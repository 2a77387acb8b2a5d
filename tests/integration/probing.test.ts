import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCompetition } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

let system: System;
let course: TestCourse;
beforeAll(async () => {
  system = await startSystem();
  course = await makeCourse(system, { students: 1 });
});
afterAll(async () => await system.stop());

const ids = Array.from({ length: 12 }, (_, row) => `r${row}`);
const key = `id,label\n${ids.map((id) => `${id},1\n`).join('')}`;
/** Wrong on the rows of `wrong`. */
const guess = (wrong: number) => `id,label\n${ids.map((id, row) => `${id},${row === wrong ? 0 : 1}\n`).join('')}`;

it('tells staff, and no student, of the same file sent with one row changed again and again', async () => {
  const slug = await makeCompetition(course, { key: key.replace('r0,1', 'r0,0') });
  const [student] = course.students;
  let last = 0;
  for (let row = 1; row <= 6; row++) {
    const receipt = await student?.submit(slug, guess(row));
    last = receipt?.id ?? 0;
    await student?.finished(last);
  }
  const staff = await course.ta.call(`GET /submissions/${last}`);
  expect(staff.body).toMatchObject({ state: 'scored', alert: expect.stringMatching(/^5 of the team’s last 5/) });
  const own = await student?.call(`GET /submissions/${last}`);
  expect(own?.text).not.toMatch(/alert|probing/);
});
