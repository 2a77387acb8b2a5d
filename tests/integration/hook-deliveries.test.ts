import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Hook, listHooks } from '../../core/contract/hooks.ts';
import { isSigned, makeHook, startHookReceiver, type HookReceiver, type TestHook } from '../support/hook-receiver.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

describe('a delivery of a hook', () => {
  let receiver: HookReceiver;
  let system: System;
  let course: TestCourse;
  let url: string;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    const environment = {
      ...mailEnvironment,
      // A name that no DNS knows: the worker below does.
      HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port},chat.intern.example:${receiver.port}`,
      HOOK_TIMEOUT_MS: '3000',
    };
    system = await startSystem({ worker: false, environment });
  });
  beforeEach(async () => {
    course = await makeCourse(system, { students: 0 });
    url = `/courses/${course.slug}/hooks`;
  });
  afterAll(async () => {
    await system.stop();
    await receiver.close();
  });

  const asked: { hostname: string; named: boolean }[] = [];
  const names: Record<string, string[]> = {
    'chat.intern.example': ['127.0.0.1'],
    'inside.example': ['10.0.0.7'],
    'both.example': ['93.184.215.14', '127.0.0.1'],
    'six.example': ['fd00::7'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
    'unknown.example': [],
  };
  beforeAll(async () => {
    const resolve = async (hostname: string, { named }: { named: boolean }) => {
      asked.push({ hostname, named });
      return await Promise.resolve(names[hostname] ?? []);
    };
    for (let i = 0; i < 2; i++) await system.startWorker({}, { resolve });
  });

  /** As if the time of the next attempt had come. */
  const tryNow = async (hook: TestHook) =>
    await system.db.pool.query(`update hook_delivery set try_at = now() where hook_id = $1`, [hook.id]);
  const tell = async (hook: TestHook) =>
    await system.db.pool.query(
      `insert into hook_delivery (hook_id, message_id, event, data)
       select $1::int, 'msg_' || gen_random_uuid(), 'grade_released',
              '{"course": {"slug": "c", "title": "C", "timeZone": "UTC"}, "competition": {"slug": "x", "title": "X"},
                "phase": {"slug": "main", "title": "X"}, "released": 3}'`,
      [hook.id],
    );
  const tested = async (hook: TestHook) => await hook.delivery('test', ({ state }) => state === 'delivered');
  const listed = async () =>
    listHooks.schema.response[200].parse((await course.instructor.call(`GET ${url}`)).body).hooks[0];

  it('is made again where it failed, with the same id and body and a signature of its own', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    let broken = true;
    receiver.answer(hook.path, (response) => {
      if (broken) response.writeHead(503, { 'retry-after': '3600' }).end('down for\0maintenance');
      else response.end('ok');
    });
    await tell(hook);
    const failed = await hook.delivery('grade.released', ({ attempts }) => attempts.length === 1);
    expect(failed).toMatchObject({ state: 'waiting', tries: 1 });
    expect(failed.attempts[0]).toMatchObject({
      status: 503,
      answer: 'down for\uFFFDmaintenance',
      error: 'It answered 503.',
    });
    // Retry-After, not the five seconds of a first failure.
    expect(Date.parse(failed.nextTryAt ?? '') - Date.now()).toBeGreaterThan(3_000_000);
    expect((await listed())?.failingSince).not.toBeNull();

    broken = false;
    await tryNow(hook);
    const done = await hook.delivery('grade.released', ({ state }) => state === 'delivered');
    expect(done.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [2, 200],
      [1, 503],
    ]);
    const [first, second, ...more] = receiver.at(hook.path);
    expect(more).toEqual([]);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    for (const one of [first, second]) expect(one && isSigned(one, hook.secret)).toBe(true);
    expect((await listed())?.failingSince).toBeNull();
  });

  it('is given up after three days of attempts, and made again by hand under the same id', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    receiver.answer(hook.path, (response) => response.writeHead(500).end());
    await tell(hook);
    for (let tries = 1; tries <= 10; tries++) {
      await hook.delivery('grade.released', ({ attempts }) => attempts.length === tries);
      await tryNow(hook);
    }
    const failed = await hook.delivery('grade.released', ({ state }) => state === 'failed');
    expect(failed).toMatchObject({ tries: 10, nextTryAt: null });
    receiver.answer(hook.path, (response) => response.end('better'));
    const again = await course.instructor.call(`POST /courses/${course.slug}/hook-deliveries/${failed.id}/redeliver`);
    expect(again.status, again.text).toBe(202);
    const done = await hook.delivery('grade.released', ({ state }) => state === 'delivered');
    expect(done).toMatchObject({ id: failed.id, messageId: failed.messageId, tries: 1 });
    expect(done.attempts[0]).toMatchObject({ attempt: 11, answer: 'better' });
    expect(new Set(receiver.at(hook.path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const other = await makeCourse(system, { students: 0 });
    const theirs = `POST /courses/${other.slug}/hook-deliveries/${failed.id}/redeliver`;
    expect((await other.instructor.call(theirs)).status).toBe(404);
  });

  it('is not made where a redirect leads', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    receiver.answer(hook.path, (response) => response.writeHead(307, { location: `${receiver.url}/stolen` }).end());
    await tell(hook);
    const failed = await hook.delivery('grade.released', ({ attempts }) => attempts.length === 1);
    expect(failed.attempts[0]?.error).toMatch(/307: redirects are not followed/);
    expect(receiver.received.some(({ path }) => path === '/stolen')).toBe(false);
  });

  it('ends after a while where there is no answer, and after the first bytes of one without an end', async () => {
    const silent = await makeHook(course, receiver, { path: '/silent' });
    const endless = await makeHook(course, receiver, { path: '/endless' });
    const trickle = await makeHook(course, receiver, { path: '/trickle' });
    receiver.answer('/silent', () => undefined);
    const cut = Promise.withResolvers<void>();
    receiver.answer('/endless', (response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) continue;
      };
      response.on('drain', pour);
      void once(response, 'close').then(() => cut.resolve());
      pour();
    });
    receiver.answer('/trickle', (response) => {
      response.writeHead(202).write('slowly');
      const timer = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(timer));
    });
    await Promise.all([silent, endless, trickle].map(async (hook) => await tell(hook)));
    const ended = async (hook: TestHook) =>
      (await hook.delivery('grade.released', ({ attempts }) => attempts.length === 1)).attempts[0];
    expect(await ended(silent)).toMatchObject({ status: null, error: 'There was no answer within 3 seconds.' });
    expect(await ended(endless)).toMatchObject({ status: 200, error: null, answer: 'x'.repeat(1000) });
    await cut.promise;
    const slow = await ended(trickle);
    expect(slow).toMatchObject({ status: 202, error: null });
    expect(slow?.answer).toMatch(/^slowly\.*$/);
    expect(slow?.tookMs).toBeLessThan(60_000);
  });

  it('goes to the address that was looked at, under the name that it has', async () => {
    const path = '/by-name';
    const hook = await makeHook(course, receiver, { path, url: `http://chat.intern.example:${receiver.port}${path}` });
    await tested(hook);
    const [got] = receiver.received.filter((one) => one.path === path);
    expect(got?.headers.host).toBe(`chat.intern.example:${receiver.port}`);
    expect(asked.filter(({ hostname }) => hostname === 'chat.intern.example')).toEqual([
      { hostname: 'chat.intern.example', named: true },
    ]);
  });

  it.each(['inside', 'both', 'six', 'mapped', 'metadata'])(
    'is not made to %s.example, which leads to a private network',
    async (name) => {
      const hook = await makeHook(course, receiver, { url: `https://${name}.example:${receiver.port}/refused` });
      const refused = await hook.delivery('test', ({ state }) => state === 'failed');
      expect(refused.attempts[0]).toMatchObject({ status: null });
      expect(refused.attempts[0]?.error).toMatch(/private or special network/);
      for (const address of names[`${name}.example`] ?? []) expect(JSON.stringify(refused)).not.toContain(address);
      expect(receiver.received.some(({ path }) => path === '/refused')).toBe(false);
    },
  );

  it('says what is wrong with an address that leads nowhere', async () => {
    const hook = await makeHook(course, receiver, { url: 'https://unknown.example/x' });
    const failed = await hook.delivery('test', ({ state }) => state === 'failed');
    expect(failed.attempts[0]?.error).toBe('No address is known for unknown.example.');
  });

  it('is no more made after three days of failures, of which the instructors are mailed; enabled again it is', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    receiver.answer(hook.path, (response) => response.writeHead(500).end('no'));
    await tell(hook);
    await hook.delivery('grade.released', ({ attempts }) => attempts.length === 1);
    expect(await listed()).toMatchObject({ disabledAt: null, waiting: 1 });
    await tell(hook);
    await until('both were tried', 120_000, async () =>
      (await hook.deliveries()).every(({ attempts }) => attempts.length > 0),
    );
    await system.db.pool.query(`update hook set failing_since = now() - interval '73 hours' where id = $1`, [hook.id]);
    await tryNow(hook);
    await until('it is disabled', 120_000, async () => typeof (await listed())?.disabledAt === 'string');
    expect(await listed()).toMatchObject({ disabledReason: 'every delivery has failed for 3 days', waiting: 0 });
    const mails = await system.db.prisma.mail.findMany({
      where: { subject: 'A course: the hook “A hook” was disabled' },
    });
    const mail = mails.filter(({ text }) => text.includes(`/courses/${course.slug}/hooks`));
    expect(mail.map(({ recipient }) => recipient)).toEqual([course.instructor.email]);

    const redeliver = async (id: number) =>
      await course.instructor.call(`POST /courses/${course.slug}/hook-deliveries/${id}/redeliver`);
    const [last] = await hook.deliveries();
    expect((await redeliver(last?.id ?? 0)).problem()).toMatchObject({ type: 'conflict' });
    receiver.answer(hook.path, (response) => response.end('yes'));
    const enabled = await course.instructor.json(`PATCH ${url}/${hook.id}`, { enabled: true });
    expect(Hook.parse(enabled.body)).toMatchObject({ disabledAt: null, disabledReason: null, failingSince: null });
    expect((await redeliver(last?.id ?? 0)).status).toBe(202);
    await hook.delivery('grade.released', ({ state }) => state === 'delivered');
  });

  it('is no more made to an address that answers 410, or where an instructor disabled it', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    receiver.answer(hook.path, (response) => response.writeHead(410).end());
    await tell(hook);
    await until('it is disabled', 120_000, async () => typeof (await listed())?.disabledAt === 'string');
    expect((await listed())?.disabledReason).toMatch(/410/);
    const other = await makeHook(course, receiver);
    await tested(other);
    await course.instructor.json(`PATCH ${url}/${other.id}`, { enabled: false });
    await tell(other);
    const silenced = await other.delivery('grade.released', ({ state }) => state === 'failed');
    expect(silenced).toMatchObject({ attempts: [], reason: expect.stringContaining('disabled') });
    expect((await course.instructor.call(`POST ${url}/${other.id}/test`)).problem()).toMatchObject({
      type: 'conflict',
    });
  });

  it('goes with its hook', async () => {
    const hook = await makeHook(course, receiver);
    await tested(hook);
    await tell(hook);
    expect((await course.instructor.call(`DELETE ${url}/${hook.id}`)).status).toBe(204);
    expect(await listed()).toBeUndefined();
    expect(await system.db.prisma.hookDelivery.count({ where: { hookId: hook.id } })).toBe(0);
    expect((await course.instructor.call(`DELETE ${url}/${hook.id}`)).status).toBe(404);
  });
});
