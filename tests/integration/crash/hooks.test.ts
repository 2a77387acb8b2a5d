import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHook, startHookReceiver, type HookReceiver } from '../../support/hook-receiver.ts';
import { makeInstallation, type Installation } from '../../support/installation.ts';
import { makeCourse, type TestCourse } from '../../support/people.ts';
import { until } from '../../support/poll.ts';

describe('a worker that dies while it sends what a hook tells', () => {
  let site: Installation;
  let receiver: HookReceiver;
  let course: TestCourse;
  let environment: Record<string, string>;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    environment = { HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}`, HOOK_TIMEOUT_MS: '60000' };
    site = await makeInstallation();
    await site.startApi(environment);
    course = await makeCourse(site, { students: 0 });
  });
  afterAll(async () => {
    await site.remove();
    await receiver.close();
  });

  it('leaves it to another, which sends it again under the same id', async () => {
    const hook = await makeHook(course, receiver);
    const came = () => receiver.received.filter(({ path }) => path === hook.path);
    const taken = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    receiver.answer(hook.path, (response) => {
      if (came().length > 1) return void response.end('again?');
      taken.resolve();
      // The receiver has it, and its answer finds nobody.
      void answered.promise.then(() => response.end('thanks'));
    });
    const victim = await site.startWorker(environment);
    await taken.promise;
    await victim.kill();
    answered.resolve();
    expect(await hook.deliveries()).toMatchObject([{ state: 'waiting', tries: 1, attempts: [] }]);

    await site.startWorker(environment);
    // Nobody takes it from the dead worker before its lease is over; it is over now.
    expect(came()).toHaveLength(1);
    await site.db.pool.query(`update hook_delivery set lease_until = now() where hook_id = $1`, [hook.id]);
    await until('it was sent again', 120_000, async () => Promise.resolve(came().length > 1));
    const done = await hook.delivery('test', ({ state }) => state === 'delivered');
    expect(done.attempts).toMatchObject([{ attempt: 2, answer: 'again?' }]);
    const [first, second, ...more] = came();
    expect(more).toEqual([]);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
  });

  it('and, stopped in order, first waits for what is on its way', async () => {
    await site.killWorkers();
    const hook = await makeHook(course, receiver);
    const taken = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    receiver.answer(hook.path, (response) => {
      taken.resolve();
      void answered.promise.then(() => response.end('thanks'));
    });
    const worker = await site.startWorker(environment);
    await taken.promise;
    const stopped = worker.stop();
    answered.resolve();
    await stopped;
    expect(await hook.deliveries()).toMatchObject([{ state: 'delivered', attempts: [{ attempt: 1 }] }]);
  });
});
