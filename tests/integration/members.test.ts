import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCourse, makePerson } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the people of a course', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(async () => await system.stop());

  it('always hold an instructor: none takes the own role away, another one or an admin can', async () => {
    const { slug, instructor, add } = await makeCourse(system, { students: 0 });
    const url = `/courses/${slug}/members`;
    const { email, name } = instructor;
    const left = await instructor.call(`DELETE ${url}/${instructor.id}`);
    const lowered = await instructor.json(`POST ${url}`, { email, name, role: 'ta' });
    for (const refused of [left, lowered]) {
      expect(refused.problem()).toMatchObject({ type: 'conflict', status: 409 });
      expect(refused.problem().detail).toContain('Ask another instructor');
    }
    expect((await instructor.json(`POST ${url}`, { email, name, role: 'instructor' })).status).toBe(200);

    const second = await add('instructor');
    expect((await second.json(`POST ${url}`, { email, name, role: 'ta' })).status).toBe(200);
    const root = await makePerson(system, undefined, 'student', true);
    expect((await root.call(`DELETE ${url}/${second.id}`)).status).toBe(204);
  });
});
