import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JoinCode } from '../../core/contract/joining.ts';
import { createClient, type Client } from '../support/client.ts';
import { makeCourse, makePerson, type TestCourse } from '../support/people.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

describe('joining a course by its code', () => {
  let system: System;
  let course: TestCourse;
  let nobody: Client;
  beforeAll(async () => {
    system = await startSystem({ worker: false, environment: mailEnvironment });
    nobody = createClient(system.url, undefined);
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 0 });
  });

  const make = async (body: Record<string, unknown> = {}) => {
    const given = { mailDomains: ['Secret-Mail.example', '@example.edu'], ...body };
    const answer = await course.instructor.json(`POST /courses/${course.slug}/join-codes`, given);
    expect(answer.status, answer.text).toBe(201);
    return JoinCode.parse(answer.body);
  };
  const enrollment = async (userId: number) =>
    await system.db.prisma.enrollment.findUnique({ where: { courseId_userId: { courseId: course.id, userId } } });
  const stranger = async () => await makePerson(system, undefined, 'student');
  const mailedToken = async (recipient: string) => {
    const letter = await system.db.prisma.mail.findFirst({ where: { recipient }, orderBy: { id: 'desc' } });
    return /set-password\/(\S+)/.exec(letter?.text ?? '')?.[1] ?? '';
  };

  it('makes who has an account a student of its section, however often they do it', async () => {
    const section = await system.db.prisma.section.create({ data: { courseId: course.id, name: 'A1' } });
    const { code } = await make({ sectionId: section.id });
    const person = await stranger();
    const answers = await Promise.all([1, 2, 3].map(async () => await person.call(`POST /join/${code.toLowerCase()}`)));
    for (const answer of answers) expect(answer.body).toEqual({ course: course.slug });
    expect(await enrollment(person.id)).toMatchObject({ role: 'student', sectionId: section.id });
    expect((await person.call(`GET /courses/${course.slug}/announcements`)).status).toBe(200);
    expect((await course.ta.call(`POST /join/${code}`)).status).toBe(200);
    expect(await enrollment(course.ta.id)).toMatchObject({ role: 'ta' });
  });

  it('is for addresses of its mail domains and their subdomains alone', async () => {
    const { code, mailDomains } = await make({ mailDomains: ['example.edu'] });
    expect(mailDomains).toEqual(['example.edu']);
    expect((await (await stranger()).call(`POST /join/${code}`)).problem()).toMatchObject({ type: 'forbidden' });
    const ask = async (email: string) =>
      (await nobody.json(`POST /join/${code}/requests`, { email, name: 'Ada' })).status;
    expect(await ask('ada@notexample.edu')).toBe(403);
    expect(await ask('ada@example.edu.evil.com')).toBe(403);
    expect(await ask('ada@cs.example.edu')).toBe(202);
  });

  it('makes an account for who reads the mail of their address', async () => {
    const { code } = await make();
    const email = `ada-${course.slug}@example.edu`;
    expect((await nobody.call(`GET /join/${code}`)).body).toMatchObject({ course: 'A course' });
    expect((await nobody.json(`POST /join/${code}/requests`, { email, name: 'Ada' })).status).toBe(202);
    expect(await system.db.prisma.user.count({ where: { email } })).toBe(0);
    const token = await mailedToken(email);
    expect((await nobody.call(`GET /password-links/${token}`)).body).toMatchObject({
      purpose: 'join',
      course: 'A course',
    });
    expect((await nobody.json('POST /password', { token, password: 'a good long password' })).status).toBe(200);
    const user = await system.db.prisma.user.findUniqueOrThrow({ where: { email } });
    expect(user.name).toBe('Ada');
    expect(await enrollment(user.id)).toMatchObject({ role: 'student', droppedAt: null });
  });

  it('ends when the code is revoked or its time is over, also for mails that are under way', async () => {
    const { id, code } = await make();
    const email = `late-${course.slug}@example.edu`;
    await nobody.json(`POST /join/${code}/requests`, { email, name: 'Late' });
    expect((await course.instructor.call(`DELETE /courses/${course.slug}/join-codes/${id}`)).status).toBe(204);
    expect((await course.instructor.call(`DELETE /courses/${course.slug}/join-codes/${id}`)).status).toBe(404);
    const token = await mailedToken(email);
    expect((await nobody.json('POST /password', { token, password: 'a good long password' })).status).toBe(410);
    expect((await (await stranger()).call(`POST /join/${code}`)).status).toBe(404);

    const past = await course.instructor.json(`POST /courses/${course.slug}/join-codes`, {
      mailDomains: ['example.edu'],
      expiresAt: '2020-01-01T00:00:00Z',
    });
    expect(past.status).toBe(400);
    const timed = await make({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    await system.db.pool.query(`update join_code set expires_at = now() - interval '1 second' where id = $1`, [
      timed.id,
    ]);
    expect((await nobody.call(`GET /join/${timed.code}`)).status).toBe(404);
    const listed = await course.ta.call(`GET /courses/${course.slug}/join-codes`);
    expect(listed.body).toEqual({ joinCodes: [] });
  });

  it('does not bring back who was taken off', async () => {
    const { code } = await make();
    const person = await course.add('student');
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${person.id}`);
    expect((await person.call(`POST /join/${code}`)).problem().detail).toContain('taken off');
    expect((await enrollment(person.id))?.droppedAt).not.toBeNull();
  });
});
