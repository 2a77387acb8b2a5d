import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Me } from '../../core/contract/people.ts';
import { createClient } from '../support/client.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { callOf, endpoints } from '../support/endpoints.ts';
import { makeCourse, makePerson, makeSession, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('looking as a student', () => {
  let system: System;
  let course: TestCourse;
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
  });

  /** A browser in which a person is signed in. */
  async function browser(person: Person) {
    const cookie = await makeSession(system, person);
    const client = createClient(system.url, undefined);
    const call = async (line: string, body?: unknown) =>
      await client.call(line, {
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      });
    return { call, me: async () => Me.parse((await call('GET /me')).body) };
  }
  const begin = (student: Person) => [`POST /courses/${course.slug}/viewing`, { userId: student.id }] as const;

  it('shows what the student sees, and no more', async () => {
    const slug = await makeCompetition(course);
    const own = await ada.submit(slug, tinyPredictions);
    const other = await ben.submit(slug, tinyPredictions);
    const elsewhere = await makeCourse(system, { students: 0 });
    await system.db.prisma.enrollment.create({ data: { courseId: elsewhere.id, userId: ada.id, role: 'student' } });

    const { call, me } = await browser(course.ta);
    expect((await call(...begin(ada))).status).toBe(200);
    expect(await me()).toMatchObject({
      id: ada.id,
      viewingAs: { course: course.slug, viewer: course.ta.name },
      courses: [{ slug: course.slug, role: 'student' }],
    });
    expect((await call(`GET /submissions/${own.id}`)).status).toBe(200);
    expect((await call(`GET /submissions/${other.id}`)).status).toBe(404);
    expect((await call(`GET /courses/${course.slug}/members`)).status).toBe(403);
    // What the student has in other courses is not this course's staff's to see, nor what is their own.
    expect((await call(`GET /courses/${elsewhere.slug}/announcements`)).status).toBe(404);
    expect((await call('GET /tokens')).problem().type).toBe('only-viewing');
  });

  it('changes nothing, by whatever endpoint', async () => {
    const slug = await makeCompetition(course);
    const { call, me } = await browser(course.instructor);
    await call(...begin(ada));
    const values = { slug, course: course.slug, id: 1, attempt: 1, name: 'a.csv', code: 'X', token: 'x' };
    for (const endpoint of endpoints.filter(({ method }) => method !== 'GET')) {
      const { operationId } = endpoint.schema;
      // These two end it, and what needs nobody signed in is nobody's.
      if (['signOut', 'endViewing', 'signIn', 'forgotPassword', 'setPassword', 'askToJoin'].includes(operationId))
        continue;
      const answer = await call(callOf(endpoint, values).replace('/api/v1', ''), {});
      expect(answer.problem(), operationId).toMatchObject({ type: 'only-viewing', status: 403 });
    }
    expect((await me()).id).toBe(ada.id);
  });

  it('is of one session, and ends; begin and end are in the log', async () => {
    const one = await browser(course.ta);
    const other = await browser(course.ta);
    await one.call(...begin(ada));
    expect((await other.me()).id).toBe(course.ta.id);
    expect((await course.ta.call('GET /me')).text).not.toContain('viewingAs');
    expect((await one.call('DELETE /viewing')).body).toMatchObject({ id: course.ta.id });
    expect((await one.me()).viewingAs).toBeUndefined();
    expect((await one.call('DELETE /viewing')).status).toBe(200);

    await one.call(...begin(ben));
    expect((await one.call('DELETE /session')).status).toBe(204);
    const entries = await system.db.prisma.auditEntry.findMany({
      where: { courseId: course.id },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ actorId, action, subject }) => [actorId, action, subject])).toEqual(
      [ada, ben].flatMap(({ name, email }) =>
        ['beginViewing', 'endViewing'].map((action) => [course.ta.id, action, `member ${name} <${email}>`]),
      ),
    );
  });

  it('is not for students, for who is elsewhere, at staff, or with an API token', async () => {
    const elsewhere = await makeCourse(system, { students: 0 });
    expect((await (await browser(ben)).call(...begin(ada))).status).toBe(403);
    expect((await (await browser(elsewhere.instructor)).call(...begin(ada))).status).toBe(404);
    const staff = await browser(course.ta);
    expect((await staff.call(...begin(course.instructor))).status).toBe(404);
    const root = await makePerson(system, undefined, 'student', true);
    expect((await staff.call(...begin(root))).status).toBe(404);
    expect((await course.ta.json(...begin(ada))).problem().type).toBe('conflict');
  });

  it('falls away when the student is dropped, and when the staff are no longer', async () => {
    const staff = await browser(course.ta);
    await staff.call(...begin(ada));
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${ada.id}`);
    expect((await staff.me()).id).toBe(course.ta.id);

    await staff.call(...begin(ben));
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${course.ta.id}`);
    expect(await staff.me()).toMatchObject({ id: course.ta.id, courses: [] });
  });

  it('takes a site admin’s rights away meanwhile', async () => {
    const { prisma } = system.db;
    const root = await makePerson(system, course.id, 'student', true);
    const staff = await browser(course.ta);
    await staff.call(...begin(root));
    expect(await staff.me()).toMatchObject({ id: root.id, isAdmin: false });
    expect((await staff.call(`GET /courses/${course.slug}/audit`)).status).toBe(403);
    await prisma.user.update({ where: { id: root.id }, data: { isAdmin: false } });
  });
});
