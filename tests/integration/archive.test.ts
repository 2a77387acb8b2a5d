import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { courseTables, leftOut } from '../../api/archive/tables.ts';
import { anonymiseCourse, restoreCourse } from '../../core/contract/archive.ts';
import { rows } from '../../core/db/sql.ts';
import { courseLine, emptyCourseArchive, manifestOf, tarOf } from '../support/archive.ts';
import { createClient } from '../support/client.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, makePerson, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const Restored = restoreCourse.schema.response[201];
const Anonymised = anonymiseCourse.schema.response[200];

/** Tables of a server, not of a course. */
const ofTheServer = new Set([
  '_prisma_migrations',
  'user',
  'session',
  'api_token',
  'grader_image',
  'worker',
  'mail',
  'pending_upload',
]);

describe('the archive of a course', () => {
  let system: System;
  let other: System;
  let admin: Person;
  let adminThere: Person;
  beforeAll(async () => {
    [system, other] = await Promise.all([startSystem(), startSystem()]);
    admin = await makePerson(system, undefined, 'student', true);
    adminThere = await makePerson(other, undefined, 'student', true);
  });
  afterAll(async () => await Promise.all([system.stop(), other.stop()]));

  /** A course with a scored, a rejected and a baseline submission, an announcement, and a competition of two phases. */
  async function makeWholeCourse(): Promise<{ course: TestCourse; slug: string; scored: number; student: Person }> {
    const course = await makeCourse(system, { students: 2 });
    const [student, classmate] = course.students;
    if (!student || !classmate) throw new Error('two students are needed');
    const slug = await makeCompetition(course);
    const scored = (await student.submit(slug, tinyPredictions)).id;
    const rejected = (await classmate.submit(slug, 'id,label\na,0\n')).id;
    expect(await student.finished(scored)).toMatchObject({ state: 'scored' });
    expect(await classmate.finished(rejected)).toMatchObject({ state: 'rejected' });
    const news = { title: 'News', body: `Well done, ${student.name} (${student.email})!` };
    expect((await course.instructor.json(`POST /courses/${course.slug}/announcements`, news)).status).toBe(201);
    return { course, slug, scored, student };
  }

  async function download(course: TestCourse): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(`${system.url}/api/v1/courses/${course.slug}/archive`, {
      headers: { authorization: `Bearer ${course.instructor.token}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="course-.*\.tar"$/);
    return new Uint8Array(await response.arrayBuffer());
  }

  const restore = async (person: Person, archive: string | Uint8Array<ArrayBuffer>, query = '') =>
    await person.call(`POST /courses/restore?filename=a.tar${query}`, {
      body: archive,
      headers: { 'content-type': 'application/x-tar' },
    });

  it('has every table that there is, but for those of the server', async () => {
    const Name = z.object({ name: z.string() });
    const all = await rows(
      system.db.pool,
      Name,
      `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    );
    const archived = (await courseTables(system.db.pool)).map(({ name }) => name);
    const missing = all.map(({ name }) => name).filter((name) => !archived.includes(name));
    expect(new Set(missing)).toEqual(new Set([...ofTheServer, ...leftOut]));
  });

  it('makes the same course on another server', async () => {
    const { course, slug, scored, student } = await makeWholeCourse();
    const archive = await download(course);
    const text = Buffer.from(archive).toString('latin1');
    expect(text).not.toContain('$argon2');
    const answer = await restore(adminThere, archive);
    expect(answer.status, answer.text).toBe(201);
    expect(Restored.parse(answer.body)).toMatchObject({
      course: course.slug,
      competitions: [slug],
      people: 4,
      newPeople: 4,
      submissions: 2,
    });
    const board = async (person: Person) =>
      z
        .object({ rows: z.array(z.looseObject({ rank: z.number().nullable() })) })
        .parse((await person.call(`GET /competitions/${slug}/leaderboard`)).body).rows;
    const there = await board(adminThere);
    expect(there).toHaveLength(1);
    // Ids are new; all else is as it was.
    const plain = (found: unknown) =>
      JSON.stringify(found).replaceAll(/"(teamId|submissionId|userId|id)":\d+/g, '"id":0');
    expect(plain(there)).toBe(plain(await board(admin)));
    const log = await adminThere.call(`GET /courses/${course.slug}/audit?limit=100`);
    expect(log.text).toContain('restoreCourse');
    expect(log.text).toContain('publishCompetition');
    // What was sent is there, and so is the answer key: it can be scored again.
    const copy = await other.db.prisma.submission.findFirstOrThrow({
      where: { fileName: 'predictions.csv', state: 'scored' },
    });
    const original = await system.db.prisma.submission.findUniqueOrThrow({ where: { id: scored } });
    expect(copy).toMatchObject({
      scores: original.scores,
      receivedAt: original.receivedAt,
      fileHash: original.fileHash,
    });
    expect((await adminThere.call(`GET /submissions/${copy.id}/file`)).text).toBe(tinyPredictions);
    expect((await adminThere.call(`POST /submissions/${copy.id}/rerun`)).status).toBeLessThan(300);
    expect(await adminThere.finished(copy.id)).toMatchObject({ state: 'scored' });
    const account = await other.db.prisma.user.findUniqueOrThrow({ where: { email: student.email } });
    expect(account).toMatchObject({ name: student.name, passwordHash: null, isAdmin: false });
  });

  it('is restored beside the course that it was made of under other slugs alone, and all or nothing', async () => {
    const { course, slug } = await makeWholeCourse();
    const archive = await download(course);
    const before = await system.db.prisma.submission.count();
    const clash = await restore(admin, archive);
    expect(clash.problem()).toMatchObject({ type: 'conflict', detail: expect.stringContaining('?suffix=') });
    expect(await system.db.prisma.submission.count()).toBe(before);
    const beside = await restore(admin, archive, '&suffix=-copy');
    expect(Restored.parse(beside.body)).toMatchObject({
      course: `${course.slug}-copy`,
      competitions: [`${slug}-copy`],
      newPeople: 0,
      submissions: 2,
    });
    expect(await system.db.prisma.submission.count()).toBe(before + 2);
    const cut = await restore(adminThere, archive.slice(0, archive.length / 2));
    expect(cut.problem()).toMatchObject({ type: 'archive-rejected' });
    expect(await other.db.prisma.course.count({ where: { slug: course.slug } })).toBe(0);
  });

  it('is refused with its place where it is none, or another version’s', async () => {
    const manifest = await manifestOf(system);
    await makeCourse(system, { students: 0 });
    const course = await courseLine(system, 'x');
    const withRows = async (...lines: string[]) =>
      await tarOf({
        'archive.json': JSON.stringify(manifest),
        'rows.jsonl': lines.map((line) => `${line}\n`).join(''),
      });
    const cases: [string, RegExp][] = [
      ['no tar at all', /tar|archive\.json/],
      [await tarOf({ 'other.txt': 'x' }), /first entry is not archive\.json/],
      [await tarOf({ 'archive.json': '{}' }), /not one that this version understands/],
      [await tarOf({ 'archive.json': JSON.stringify(manifest) }), /holds no rows\.jsonl/],
      [
        await tarOf({ 'archive.json': JSON.stringify({ ...manifest, migration: '2020_old' }), 'rows.jsonl': '' }),
        /another version/,
      ],
      [await tarOf({ 'archive.json': JSON.stringify(manifest), '../../etc/passwd': 'x' }), /is no part of an archive/],
      [await tarOf({ 'archive.json': JSON.stringify(manifest), [`files/${'0'.repeat(64)}`]: 'x' }), /is damaged/],
      [await withRows(), /exactly one course/],
      [await withRows(course, '{'), /line 2: This line is no row/],
      [
        await withRows(course, JSON.stringify({ table: 'session', row: {} })),
        /line 2: "session" is no table of a course/,
      ],
      [
        await withRows(course, JSON.stringify({ table: 'competition', row: { id: 1, course_id: 2 } })),
        /line 2: course_id of this row of competition refers to a row that isn't there/,
      ],
      [
        await withRows(course, JSON.stringify({ table: 'competition', row: { id: 1, course_id: 1, slug: 'y' } })),
        /A row does not fit/,
      ],
    ];
    for (const [archive, detail] of cases) {
      const answer = await restore(admin, archive);
      expect(answer.status, `${detail}: ${answer.text}`).toBe(422);
      expect(answer.problem()).toMatchObject({ type: 'archive-rejected', detail: expect.stringMatching(detail) });
    }
    expect((await restore(admin, await emptyCourseArchive(system, 'an-empty-one'))).status).toBe(201);
  });

  it('has no student’s name any more once the course was anonymised, and the same board', async () => {
    const { course, slug, student } = await makeWholeCourse();
    const [, classmate] = course.students;
    const elsewhere = await makeCourse(system, { students: 0 });
    await system.db.prisma.enrollment.create({
      data: { courseId: elsewhere.id, userId: classmate?.id ?? 0, role: 'student' },
    });
    await system.db.prisma.enrollment.update({
      where: { courseId_userId: { courseId: course.id, userId: student.id } },
      data: { studentId: 'a-registrar’s-id', username: 'a-login' },
    });
    const letter = { recipient: student.email, subject: 'News', text: '' };
    await system.db.prisma.mail.create({ data: letter });
    const ask = async (body: unknown) => await course.instructor.json(`POST /courses/${course.slug}/anonymise`, body);
    const board = async () => (await course.instructor.call(`GET /competitions/${slug}/leaderboard`)).text;
    const [pseudonym] = /"name":"[^"]+","baseline":false,"value":0.5/.exec(await board()) ?? [];
    expect((await ask({ confirm: 'something else' })).problem()).toMatchObject({ type: 'validation-failed' });
    expect((await ask({ confirm: course.slug })).problem()).toMatchObject({ type: 'conflict' });
    const preview = Anonymised.parse((await ask({ confirm: course.slug, preview: true })).body);
    expect(preview).toMatchObject({ students: 2, accountsDeleted: 1 });
    expect((await student.call('GET /me')).status).toBe(200);

    const dueAt = new Date(Date.now() - hourMs / 2);
    await system.db.prisma.phase.updateMany({ where: { competition: { slug } }, data: { dueAt } });
    const done = await ask({ confirm: course.slug });
    expect(done.status, done.text).toBe(200);
    expect(Anonymised.parse(done.body)).toEqual(preview);
    // Who is in no other course is gone; the other one has only left this one.
    expect((await student.call('GET /me')).status).toBe(401);
    expect((await classmate?.call('GET /me'))?.status).toBe(200);
    expect((await classmate?.call(`GET /competitions/${slug}`))?.status).toBe(404);
    const archive = Buffer.from(await download(course)).toString('latin1');
    for (const { name, email } of course.students) {
      expect(archive).not.toContain(name);
      expect(archive).not.toContain(email);
    }
    expect(archive).not.toMatch(/a-registrar|a-login/);
    expect(await system.db.prisma.mail.count({ where: letter })).toBe(0);
    expect(archive).toContain(course.instructor.email);
    expect(archive).toMatch(/Well done, Student \d \(student-\d@anonymous\.invalid\)!/);
    expect(pseudonym).toBeDefined();
    await expect.poll(board).not.toContain(student.name);
    expect(await board()).toContain(pseudonym);
    expect(await board()).toMatch(/"members":\[{"name":"Student \d"/);
    const log = await course.instructor.call(`GET /courses/${course.slug}/audit?limit=1`);
    expect(log.text).toContain('anonymiseCourse');
  });

  it('is nobody’s but the instructors’', async () => {
    const course = await makeCourse(system, { students: 0 });
    expect((await course.ta.call(`GET /courses/${course.slug}/archive`)).status).toBe(403);
    expect((await createClient(system.url, undefined).call(`GET /courses/${course.slug}/archive`)).status).toBe(401);
  });
});
