import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMember, type Member } from '../../core/contract/courses.ts';
import { createPasswordLink, inviteMembers, PasswordLink } from '../../core/contract/passwords.ts';
import { createClient, type Client } from '../support/client.ts';
import { makeCourse, makePerson, type TestCourse } from '../support/people.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

const Invitations = inviteMembers.schema.response[200];
const password = 'a good long password';

describe('passwords by link', () => {
  let system: System;
  let withoutMail: System;
  let course: TestCourse;
  let nobody: Client;
  beforeAll(async () => {
    [system, withoutMail] = await Promise.all([
      startSystem({ worker: false, environment: mailEnvironment }),
      startSystem({ worker: false }),
    ]);
    nobody = createClient(system.url, undefined);
  });
  afterAll(async () => await Promise.all([system.stop(), withoutMail.stop()]));
  beforeEach(async () => {
    course = await makeCourse(system, { students: 0 });
  });

  const add = async (email: string, to = course): Promise<Member> => {
    const answer = await to.instructor.json(`POST /courses/${to.slug}/members`, {
      email,
      name: 'Ada',
      role: 'student',
    });
    return addMember.schema.response[200].parse(answer.body);
  };
  const invite = async (body: unknown = {}, by = course) => {
    const answer = await by.instructor.json(`POST /courses/${by.slug}/invitations`, body);
    expect(answer.status, answer.text).toBe(200);
    // The course's own people of these tests have tokens and no passwords.
    return Invitations.parse(answer.body).invitations.filter(({ email }) => email.startsWith('ada-'));
  };
  const tokenOf = (url: string | null | undefined) => url?.split('/set-password/')[1] ?? '';
  const set = async (token: string, chosen = password) =>
    await nobody.json('POST /password', { token, password: chosen });
  const signIn = async (email: string, chosen = password, at = system.url) =>
    await createClient(at, undefined).json('POST /session', { email, password: chosen });
  const letters = async (recipient: string) => await system.db.prisma.mail.findMany({ where: { recipient } });
  const mailedToken = async (recipient: string) =>
    tokenOf(/https:\S+/.exec((await letters(recipient)).at(-1)?.text ?? '')?.[0]);
  const address = () => `ada-${Math.random().toString(36).slice(2)}-${course.slug}@example.edu`;

  it('invite new people, by mail and to be passed on; the link works once', async () => {
    const email = address();
    await add(email);
    const [invitation] = await invite();
    expect(invitation).toMatchObject({ email, mailed: true });
    expect(invitation?.url).toMatch(/^https:\/\/topk\.example\.edu\/set-password\/topk_/);
    const [letter] = await letters(email);
    expect(letter?.text).toContain(invitation?.url);

    const token = tokenOf(invitation?.url);
    const look = await nobody.call(`GET /password-links/${token}`);
    expect(PasswordLink.parse(look.body)).toMatchObject({ purpose: 'invite', email });
    expect((await set(token, 'short')).status).toBe(400);
    expect((await set(token)).body).toEqual({ email });
    expect((await signIn(email)).status).toBe(200);
    for (const answer of [await set(token, 'another long password'), await nobody.call(`GET /password-links/${token}`)])
      expect(answer.problem()).toMatchObject({ type: 'link-expired', status: 410 });
    expect((await signIn(email)).status).toBe(200);
    expect(await invite()).toEqual([]);
    const log = await course.instructor.call(`GET /courses/${course.slug}/audit?action=inviteMembers`);
    expect(log.text).toContain(email);
    expect(log.text).not.toContain(token);
  });

  it('are used by one of those who use a link at the same time', async () => {
    const email = address();
    await add(email);
    const token = tokenOf((await invite())[0]?.url);
    const answers = await Promise.all([1, 2, 3, 4].map(async (n) => await set(token, `password number ${n}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410]);
  });

  it('replace the invitation before, and end in time', async () => {
    const email = address();
    const { userId } = await add(email);
    const first = tokenOf((await invite())[0]?.url);
    const second = tokenOf((await invite({ userIds: [userId] }))[0]?.url);
    expect((await set(first)).problem().type).toBe('link-expired');
    await system.db.pool.query(`update password_link set expires_at = now() - interval '1 second' where email = $1`, [
      email,
    ]);
    expect((await set(second)).problem().type).toBe('link-expired');
  });

  it('are in nobody’s hands who could get at other courses by them', async () => {
    const other = await makeCourse(system, { students: 0 });
    const email = address();
    await add(email);
    await add(email, other);
    expect(await invite()).toMatchObject([{ email, mailed: true, url: null }]);
    const root = await makePerson(system, course.id, 'student', true);
    expect((await invite({ userIds: [root.id] })).map(({ userId }) => userId)).toEqual([]);
  });

  it('forgotten are set anew by mail, which ends all sessions; the answer tells nothing', async () => {
    const email = address();
    await add(email);
    await set(tokenOf((await invite())[0]?.url));
    const cookie = (await signIn(email)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const me = async () => (await nobody.call('GET /me', { headers: { cookie } })).status;
    expect(await me()).toBe(200);

    const known = await nobody.json('POST /password/forgotten', { email });
    const unknown = await nobody.json('POST /password/forgotten', { email: address() });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const token = await mailedToken(email);
    expect((await set(token, 'the new long password')).status).toBe(200);
    expect(await me()).toBe(401);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, 'the new long password')).status).toBe(200);
  });

  it('are not mailed more than three times an hour to one address', async () => {
    const email = address();
    await add(email);
    for (let i = 0; i < 5; i++) expect((await nobody.json('POST /password/forgotten', { email })).status).toBe(202);
    expect(await letters(email)).toHaveLength(3);
  });

  it('without mail: the answer says so, invitations are passed on, and an admin makes reset links', async () => {
    const there = await makeCourse(withoutMail, { students: 0 });
    const client = createClient(withoutMail.url, undefined);
    expect((await client.json('POST /password/forgotten', { email: 'a@b.edu' })).problem().type).toBe('mail-off');
    await add('ada-new@example.edu', there);
    const [invitation] = await invite({}, there);
    expect(invitation).toMatchObject({ mailed: false });
    expect(invitation?.url).toContain(`${withoutMail.url}/set-password/`);
    expect(await withoutMail.db.prisma.mail.count()).toBe(0);

    const admin = await makePerson(withoutMail, undefined, 'student', true);
    const made = await admin.json('POST /password-links', { email: there.ta.email });
    const { url } = createPasswordLink.schema.response[201].parse(made.body);
    const used = await client.json('POST /password', { token: tokenOf(url), password });
    expect(used.status).toBe(200);
    expect((await signIn(there.ta.email, password, withoutMail.url)).status).toBe(200);
    expect((await admin.json('POST /password-links', { email: 'who@example.edu' })).status).toBe(404);
  });
});
