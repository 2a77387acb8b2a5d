import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listAuditEntries } from '../../core/contract/audit.ts';
import type { Audience } from '../support/audiences.ts';
import { callAs, ruleOf } from '../support/permissions.ts';
import { makeCast, type Cast } from '../support/cast.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { endpoints } from '../support/endpoints.ts';
import { makeCourse, makePerson, type TestCourse } from '../support/people.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

const Page = listAuditEntries.schema.response[200];

/** Only staff may do it: a change that is made so is an act of theirs. */
const staffOnly: ReadonlySet<Audience> = new Set([
  'its staff',
  'its instructors',
  'staff, the team being told so',
  'staff of any course',
  'site admins',
]);

describe('the audit log', () => {
  let system: System;
  let cast: Cast;
  beforeAll(async () => {
    system = await startSystem({ worker: false, environment: mailEnvironment });
    cast = await makeCast(system);
  });
  afterAll(async () => await system.stop());

  const read = async ({ instructor, slug }: Pick<TestCourse, 'instructor' | 'slug'>, query = '') => {
    const answer = await instructor.call(`GET /courses/${slug}/audit${query}`);
    expect(answer.status, answer.text).toBe(200);
    return Page.parse(answer.body);
  };
  const entriesBy = async (userId: number) =>
    await system.db.prisma.auditEntry.findMany({ where: { actorId: userId } });

  /** Only told what they would do; of anonymising there is a test of its own (archive.test.ts). */
  const previewed: ReadonlySet<string> = new Set(['anonymiseCourse', 'previewRoster']);
  const ofNoCourseYet: ReadonlySet<string> = new Set(['createCourse', 'restoreCourse', 'createPasswordLink']);
  const acts = endpoints.filter(
    (endpoint) =>
      endpoint.method !== 'GET' && staffOnly.has(ruleOf(endpoint).for) && !previewed.has(endpoint.schema.operationId),
  );

  it.each(acts.map((endpoint) => [endpoint.schema.operationId, endpoint] as const))(
    '%s: leaves one entry, and none where it is refused',
    async (operationId, endpoint) => {
      const caller = ruleOf(endpoint).for === 'site admins' ? 'admin' : 'instructor';
      const { course, student, person } = cast;
      const actorId = person(caller)?.id ?? 0;
      const before = await entriesBy(actorId);
      const answer = await callAs(cast, endpoint, caller);
      expect(answer.status, answer.text).toBeLessThan(300);
      const after = await entriesBy(actorId);
      // What the request needed to be there may have been made by the instructor too.
      const fresh = after.filter(
        ({ id, action }) => action === operationId && !before.some((entry) => entry.id === id),
      );
      expect(fresh).toHaveLength(1);
      expect(fresh[0]?.subject).toMatch(/\S/);
      expect(fresh[0]?.before ?? fresh[0]?.after).not.toBeNull();
      if (!ofNoCourseYet.has(operationId)) expect(fresh[0]?.courseId).toBe(course.id);

      await callAs(cast, endpoint, 'student');
      await callAs(cast, endpoint, 'instructor elsewhere');
      expect(await entriesBy(student.id)).toEqual([]);
      expect(await entriesBy(person('instructor elsewhere')?.id ?? 0)).toEqual([]);
    },
  );

  it('holds who did it, when, and only what changed, before and after', async () => {
    const course = await makeCourse(system, { students: 0 });
    const slug = await makeCompetition(course, { settings: { dailyLimit: 5 } });
    const started = await system.db.prisma.$queryRaw`select now() as now`;
    const [{ now }] = z.tuple([z.object({ now: z.date() })]).parse(started);
    await course.instructor.json(`PATCH /competitions/${slug}`, {
      title: 'Renamed \ud83d',
      dailyLimit: 3,
      kind: 'homework',
    });
    const { entries } = await read(course, '?limit=1');
    expect(entries).toMatchObject([
      {
        actor: { userId: course.instructor.id, name: course.instructor.name, email: course.instructor.email },
        action: 'editCompetition',
        subject: `competition ${slug}, phase main`,
      },
    ]);
    expect(entries[0]?.before).toEqual({ title: 'A competition', dailyLimit: 5 });
    expect(entries[0]?.after).toEqual({ title: 'Renamed \ufffd', dailyLimit: 3 });
    expect(Date.parse(entries[0]?.at ?? '')).toBeGreaterThanOrEqual(now.getTime());
  });

  it('tells a new member from a changed role and from a removal', async () => {
    const course = await makeCourse(system, { students: 0 });
    const url = `/courses/${course.slug}/members`;
    const email = `grace-${course.slug}@example.edu`;
    const added = await course.instructor.json(`POST ${url}`, { email, name: 'Grace', role: 'student' });
    const { userId } = z.object({ userId: z.number() }).parse(added.body);
    await course.instructor.json(`POST ${url}`, { email, name: 'Grace', role: 'ta', password: 'a password of hers' });
    await course.instructor.call(`DELETE ${url}/${userId}`);
    const { entries } = await read(course);
    expect(entries.map(({ action, subject, before, after }) => ({ action, subject, before, after }))).toEqual([
      { action: 'removeMember', subject: `member Grace <${email}>`, before: { role: 'ta' }, after: undefined },
      { action: 'addMember', subject: `member Grace <${email}>`, before: { role: 'student' }, after: { role: 'ta' } },
      {
        action: 'addMember',
        subject: `member Grace <${email}>`,
        before: undefined,
        after: { role: 'student', newAccount: true },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('a password of hers');
  });

  it('holds that staff took back what is another’s, and not that anybody took back their own', async () => {
    const course = await makeCourse(system, { students: 1 });
    const slug = await makeCompetition(course);
    const [student] = course.students;
    for (const [owner, by] of [
      [student, student],
      [course.ta, course.ta],
      [student, course.ta],
    ]) {
      const { id } = (await owner?.submit(slug, tinyPredictions)) ?? { id: 0 };
      expect((await by?.call(`POST /submissions/${id}/cancel`))?.status).toBe(200);
    }
    const { entries } = await read(course, '?action=cancelSubmission');
    expect(entries.map(({ actor, before }) => [actor.userId, before])).toEqual([
      [course.ta.id, { state: 'queued', attempt: 0 }],
    ]);
  });

  describe('is searched', () => {
    let course: TestCourse;
    let slug: string;
    beforeAll(async () => {
      course = await makeCourse(system, { students: 0, timeZone: 'America/New_York' });
      slug = await makeCompetition(course);
      const second = await course.add('instructor');
      for (const title of ['First', 'Second 100%', 'Third'])
        await second.json(`PATCH /competitions/${slug}`, { title });
    });

    it('by text in what changed, the subject or the actor, whatever the case; no character is special', async () => {
      const titles = async (text: string) =>
        (await read(course, `?action=editCompetition&text=${encodeURIComponent(text)}`)).entries.map(
          ({ after }) => after,
        );
      expect(await titles('third')).toEqual([{ title: 'Third' }]);
      expect(await titles('100%')).toEqual([{ title: 'Third' }, { title: 'Second 100%' }]);
      expect(await titles('f_rst')).toEqual([]);
      expect(await titles(slug)).toHaveLength(3);
      expect(await titles(course.instructor.email)).toEqual([]);
    });

    it('by action and by actor, of which it lists all', async () => {
      const all = await read(course);
      expect(all.actions).toEqual(
        ['addFiles', 'createCompetition', 'editCompetition', 'publishCompetition', 'putAnswerKey'].toSorted(),
      );
      expect(all.actors.map(({ userId }) => userId)).toContain(course.instructor.id);
      expect(all.actors).toHaveLength(2);
      expect((await read(course, '?action=putAnswerKey')).entries).toHaveLength(1);
      expect((await read(course, `?actor=${course.instructor.id}`)).entries).toHaveLength(all.entries.length - 3);
    });

    it('page by page, each entry once', async () => {
      const all = (await read(course)).entries.map(({ id }) => id);
      const paged: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await read(course, `?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
        paged.push(...page.entries.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(paged).toEqual(all);
      expect(all).toHaveLength(7);
    });

    it('by days of the course’s zone, the last one included', async () => {
      const { pool } = system.db;
      // 23:30 on the last day of summer time, and the half past midnight after it, in New York.
      for (const at of [
        '2026-11-01T03:30:00Z',
        '2026-11-01T04:30:00Z',
        '2026-11-02T04:59:59.999Z',
        '2026-11-02T05:00:00Z',
      ])
        await pool.query(
          `insert into audit_entry (at, course_id, actor_id, action, subject) values ($1, $2, $3, 'test', 'a day')`,
          [at, course.id, course.instructor.id],
        );
      const days = async (query: string) =>
        (await read(course, `?action=test${query}`)).entries.map(({ at }) => at).toReversed();
      expect(await days('&from=2026-11-01&to=2026-11-01')).toEqual([
        '2026-11-01T04:30:00.000Z',
        '2026-11-02T04:59:59.999Z',
      ]);
      expect(await days('&to=2026-10-31')).toEqual(['2026-11-01T03:30:00.000Z']);
      expect(await days('&from=2026-11-02')).toEqual(['2026-11-02T05:00:00.000Z']);
      expect((await course.instructor.call(`GET /courses/${course.slug}/audit?from=yesterday`)).status).toBe(400);
    });
  });

  it('can’t be changed, not even in the database', async () => {
    const { pool } = system.db;
    for (const statement of [`update audit_entry set subject = ''`, 'delete from audit_entry', 'truncate audit_entry'])
      await expect(pool.query(statement), statement).rejects.toThrow('append-only');
  });

  it('keeps long texts and lists short', async () => {
    const course = await makeCourse(system, { students: 0 });
    const slug = await makeCompetition(course, { published: false });
    const classes = Array.from({ length: 500 }, (_, i) => String(i));
    await course.instructor.json(`PATCH /competitions/${slug}`, { description: 'x'.repeat(50_000), classes });
    const { entries } = await read(course, '?limit=1');
    const after = z.object({ description: z.string(), classes: z.array(z.string()) }).parse(entries[0]?.after);
    expect(after.description).toMatch(/^x{10000} … \(50000 characters\)$/);
    expect(after.classes).toHaveLength(201);
    expect(after.classes.at(-1)).toBe('… and 300 more');
  });

  it('holds a course that an admin made, in its own log', async () => {
    const admin = await makePerson(system, undefined, 'student', true);
    const slug = `course-of-${admin.id}`;
    await admin.json('POST /courses', { slug, title: 'New', timeZone: 'UTC' });
    const { entries } = await read({ instructor: admin, slug });
    expect(entries).toMatchObject([{ action: 'createCourse', after: { title: 'New', timeZone: 'UTC' } }]);
  });
});
