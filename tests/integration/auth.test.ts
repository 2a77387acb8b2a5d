import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { listenForChanges } from '../../core/queue/changes.ts';
import { createClient } from '../support/client.ts';
import { callOf, endpoints } from '../support/endpoints.ts';
import { makeCompetition } from '../support/competitions.ts';
import { makeCourse, makePerson, type Person, type TestCourse } from '../support/people.ts';
import { ruleOf } from '../support/permissions.ts';
import { startSystem, type System } from '../support/system.ts';

const password = 'correct horse battery';

describe('signing in and roles', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
    await system.db.prisma.user.update({ where: { id: ada.id }, data: { passwordHash: await hashPassword(password) } });
  });
  afterAll(async () => await system.stop());

  const nobody = () => createClient(system.url, undefined);
  const signIn = async (email: string, secret: string, headers: Record<string, string> = {}) =>
    await nobody().call('POST /session', {
      body: JSON.stringify({ email, password: secret }),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('gives a cookie that scripts can’t read and other sites don’t send', async () => {
    const answer = await signIn(ada.email.toUpperCase(), password);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const value = cookie.split(';')[0] ?? '';
    const mine = await nobody().call('GET /me', { headers: { cookie: value } });
    expect(mine.body).toMatchObject({ email: ada.email, courses: [{ slug: course.slug, role: 'student' }] });
    await nobody().call('DELETE /session', { headers: { cookie: value, 'sec-fetch-site': 'same-origin' } });
    expect((await nobody().call('GET /me', { headers: { cookie: value } })).status).toBe(401);
  });

  it('does not tell whether an address has an account', async () => {
    const wrongPassword = await signIn(ada.email, 'not it');
    const noAccount = await signIn('nobody@example.edu', 'not it');
    expect(wrongPassword.status).toBe(401);
    expect({ ...wrongPassword.problem(), requestId: '' }).toEqual({ ...noAccount.problem(), requestId: '' });
  });

  it('checks no more passwords of an address after ten wrong ones, whether it has an account or not', async () => {
    const eve = await course.add('student');
    await system.db.prisma.user.update({
      where: { id: eve.id },
      data: { passwordHash: await hashPassword(password) },
    });
    for (const email of [eve.email, 'nobody-at-all@example.edu']) {
      const guesses: number[] = [];
      // Three at a time, which is as many as are taken at once.
      for (let i = 0; i < 5; i++) {
        const three = await Promise.all([1, 2, 3].map(async (n) => await signIn(email, `guess ${i} ${n}`)));
        guesses.push(...three.map(({ status }) => status));
      }
      // Which of the three at the limit is the tenth is chance.
      expect(guesses.toSorted((a, b) => a - b)).toEqual([
        ...Array.from({ length: 10 }, () => 401),
        ...Array.from({ length: 5 }, () => 429),
      ]);
    }
    const refused = await signIn(eve.email, password);
    expect(refused.problem().type).toBe('too-many-requests');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await signIn(ada.email, password)).status).toBe(200);
  });

  it('keeps no more sessions and tokens of a person than somebody could use', async () => {
    const eve = await course.add('student');
    const { prisma } = system.db;
    await prisma.user.update({ where: { id: eve.id }, data: { passwordHash: await hashPassword(password) } });
    const session = (index: number, days: number) => ({
      userId: eve.id,
      tokenHash: Buffer.from(`${eve.id} ${index}`),
      expiresAt: new Date(Date.now() + days * 86_400_000),
    });
    await prisma.session.createMany({ data: Array.from({ length: 70 }, (_, index) => session(index, 1)) });
    await prisma.session.create({ data: session(70, -1) });
    const cookie = (await signIn(eve.email, password)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await nobody().call('GET /me', { headers: { cookie } })).status).toBe(200);
    const left = await prisma.session.findMany({ where: { userId: eve.id }, orderBy: { id: 'asc' } });
    expect(left).toHaveLength(49);
    expect(Buffer.from(left[0]?.tokenHash ?? []).toString()).toBe(`${eve.id} 22`);

    const token = (index: number) => ({ userId: eve.id, name: 'x', hint: 'x', tokenHash: Buffer.from(`t${index}`) });
    await prisma.apiToken.createMany({ data: Array.from({ length: 99 }, (_, index) => token(index)) });
    expect((await eve.json('POST /tokens', { name: 'one more' })).problem().type).toBe('conflict');
    await prisma.apiToken.updateMany({ where: { tokenHash: Buffer.from('t1') }, data: { revokedAt: new Date() } });
    expect((await eve.json('POST /tokens', { name: 'one more' })).status).toBe(201);
  });

  it('lets nobody make every process forget what it keeps by signing out of nothing', async () => {
    const heard: string[] = [];
    const listener = listenForChanges(
      { url: system.environment['REDIS_URL'] ?? '', prefix: 'topk', log: pino({ level: 'silent' }) },
      ({ kind }) => heard.push(kind),
    );
    const signInAndOut = async () => {
      const cookie = (await signIn(ada.email, password)).headers.get('set-cookie')?.split(';')[0] ?? '';
      await nobody().call('DELETE /session', { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    };
    const hearing = async () => {
      await signInAndOut();
      return heard;
    };
    try {
      await expect.poll(hearing).toContain('access');
      await expect.poll(() => heard.splice(0)).toEqual([]);
      expect((await ada.call('DELETE /session', { headers: { cookie: 'topk_session=none' } })).status).toBe(204);
      expect((await ada.call('DELETE /session')).status).toBe(204);
      await signInAndOut();
      await expect.poll(() => heard).toEqual(['access']);
    } finally {
      listener.close();
    }
  });

  it('checks no more than a few passwords of an address at once', async () => {
    const statuses = (await Promise.all(Array.from({ length: 12 }, async () => await signIn(ada.email, password)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect((await signIn(ada.email, password)).status).toBe(200);
  });

  it('refuses what another site makes a browser send', async () => {
    const cookie = (await signIn(ada.email, password)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const make = async (headers: Record<string, string>) =>
      await nobody().call('POST /tokens', {
        body: '{"name":"x"}',
        headers: { 'content-type': 'application/json', cookie, ...headers },
      });
    expect((await make({ 'sec-fetch-site': 'cross-site' })).problem().type).toBe('cross-site');
    expect((await make({ origin: 'https://evil.example' })).problem().type).toBe('cross-site');
    expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await signIn(ada.email, password, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('shows an API token once, stores its hash only, and revokes it at once', async () => {
    const made = await ada.json('POST /tokens', { name: 'laptop' });
    expect(made.status).toBe(201);
    const token = /"token":"(topk_[^"]+)"/.exec(made.text)?.[1] ?? '';
    const id = /"id":(\d+)/.exec(made.text)?.[1];
    const holder = createClient(system.url, token);
    expect((await holder.call('GET /me')).status).toBe(200);
    expect((await ada.call('GET /tokens')).text).not.toContain(token);
    const stored = await system.db.pool.query(`select t::text as row from api_token t where name = 'laptop'`);
    expect(JSON.stringify(stored.rows)).not.toContain(token.slice(5));
    expect((await ada.call(`DELETE /tokens/${id}`)).status).toBe(204);
    const after = await holder.call('GET /me');
    expect(after.status).toBe(401);
    expect(after.headers.get('content-type')).toContain('application/problem+json');
  });

  it('does not take an expired token, nor revoke another person’s', async () => {
    const expiring = await ada.json('POST /tokens', { name: 'short', expiresInDays: 1 });
    const token = /"token":"([^"]+)"/.exec(expiring.text)?.[1];
    const id = /"id":(\d+)/.exec(expiring.text)?.[1];
    expect((await course.ta.call(`DELETE /tokens/${id}`)).status).toBe(404);
    await system.db.pool.query(`update api_token set expires_at = now() - interval '1 s' where id = $1`, [id]);
    expect((await createClient(system.url, token).call('GET /me')).status).toBe(401);
  });

  it('lets nobody in without signing in, on any endpoint but those for everybody', async () => {
    for (const endpoint of endpoints) {
      if (ruleOf(endpoint).for === 'everybody') continue;
      const answer = await nobody().call(
        callOf(endpoint, { slug: 'a', course: 'a', name: 'a', id: 1, attempt: 1, code: 'a' }).replace('/api/v1', ''),
      );
      expect(answer.status, `${endpoint.method} ${endpoint.url}`).toBe(401);
    }
  });

  it('keeps students and TAs from what is for instructors, and students from what is for staff', async () => {
    const slug = await makeCompetition(course);
    const forInstructors = [
      'createCompetition',
      'editCompetition',
      'addPhase',
      'publishCompetition',
      'putAnswerKey',
      'rescore',
      'addFiles',
      'deleteFile',
      'createBaseline',
      'addMember',
      'removeMember',
    ];
    const forStaff = ['listMembers', 'exportLeaderboard', 'listImages'];
    const bodies: Record<string, unknown> = {
      createCompetition: { course: course.slug, slug: 'mine', title: 'Mine' },
      editCompetition: { title: 'Mine' },
      addPhase: { slug: 'two', title: 'Two' },
      addMember: { email: 'x@example.edu', name: 'X', role: 'student' },
    };
    for (const endpoint of endpoints) {
      const { operationId } = endpoint.schema;
      const body = bodies[operationId];
      const call =
        callOf(endpoint, {
          slug,
          course: course.slug,
          name: 'test.csv',
          id: ada.id,
          attempt: 1,
          code: 'a',
          token: 'a',
        }).replace('/api/v1', '') + (operationId === 'createBaseline' ? '?name=x&filename=x.csv' : '');
      const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
      if (forInstructors.includes(operationId)) {
        expect((await ada.call(call, init)).status, `student: ${call}`).toBe(403);
        expect((await course.ta.call(call, init)).status, `TA: ${call}`).toBe(403);
      }
      if (forStaff.includes(operationId)) expect((await ada.call(call, init)).status, `student: ${call}`).toBe(403);
    }
    expect((await ada.json('POST /courses', { slug: 'mine', title: 'Mine', timeZone: 'UTC' })).status).toBe(403);
  });

  it('takes a role away at once', async () => {
    const eve = await course.add('student');
    expect((await eve.call('GET /competitions')).body).not.toEqual({ competitions: [] });
    expect((await course.instructor.call(`DELETE /courses/${course.slug}/members/${eve.id}`)).status).toBe(204);
    expect((await eve.call('GET /competitions')).body).toEqual({ competitions: [] });
  });

  it('lets a site admin make courses and work in every one', async () => {
    const root = await makePerson(system, undefined, 'instructor', true);
    expect(
      (await root.json('POST /courses', { slug: 'new-course', title: 'New', timeZone: 'Mars/Olympus' })).problem(),
    ).toMatchObject({ type: 'validation-failed' });
    expect(
      (await root.json('POST /courses', { slug: 'new-course', title: 'New', timeZone: 'Europe/Berlin' })).status,
    ).toBe(201);
    expect(
      (await root.json('POST /courses', { slug: 'new-course', title: 'New', timeZone: 'Europe/Berlin' })).status,
    ).toBe(409);
    const added = await root.json('POST /courses/new-course/members', {
      email: 'Prof@Example.edu',
      name: 'Prof',
      role: 'instructor',
      password: 'long enough 1',
    });
    expect(added.body).toMatchObject({ email: 'prof@example.edu', role: 'instructor' });
    expect((await signIn('prof@example.edu', 'long enough 1')).status).toBe(200);
    expect((await root.call(`GET /courses/${course.slug}/members`)).status).toBe(200);
  });
});
