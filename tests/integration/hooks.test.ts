import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHook, Hook, listHooks, rotateHookSecret } from '../../core/contract/hooks.ts';
import { acceptCode, submitCode } from '../support/code.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { createFakeExecutor } from '../support/fake-executor.ts';
import { makeGraded, midtermScheme } from '../support/graded.ts';
import {
  isSigned,
  makeHook,
  startHookReceiver,
  type HookReceiver,
  type ReceivedHook,
} from '../support/hook-receiver.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';
import { inState } from '../support/truth.ts';

const Message = z.object({ type: z.string(), timestamp: z.iso.datetime(), data: z.looseObject({}) });

describe('what a course’s hooks tell', () => {
  let receiver: HookReceiver;
  let system: System;
  let course: TestCourse;
  let ada: Person;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    const environment = { ...mailEnvironment, HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` };
    system = await startSystem({ worker: false, environment });
    const fake = createFakeExecutor();
    await system.startWorker(
      { SANDBOX: 'docker', SANDBOX_EVERY_MS: '200', WORKER_CPU_SLOTS: '2' },
      { connect: async () => await Promise.resolve(fake) },
    );
    await system.startWorker();
    course = await makeCourse(system, { students: 2 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
  });
  afterAll(async () => {
    await system.stop();
    await receiver.close();
  });

  const messageOf = ({ body }: ReceivedHook) => Message.parse(JSON.parse(body));
  const came = async (path: string, type: string, count = 1) => {
    await until(`${count} of ${type}`, 120_000, async () =>
      Promise.resolve(receiver.at(path).filter((one) => messageOf(one).type === type).length >= count),
    );
    return receiver.at(path).filter((one) => messageOf(one).type === type);
  };
  const hookUrl = (of: TestCourse, id: number) => `/courses/${of.slug}/hooks/${id}`;

  it('is signed, once for each event, by any number of workers, and names nobody', async () => {
    const hook = await makeHook(course, receiver);
    const test = await hook.delivery('test', ({ state }) => state === 'delivered');
    expect(test.attempts).toMatchObject([{ attempt: 1, status: 200, answer: 'thanks', error: null }]);

    const slug = await makeCompetition(course);
    const [opened] = await came(hook.path, 'competition.opened');
    expect(opened && messageOf(opened).data).toMatchObject({
      course: { slug: course.slug },
      competition: { slug, title: 'A competition' },
      phase: { slug: 'main' },
      url: `https://topk.example.edu/competitions/${slug}?phase=main`,
    });

    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    const [scored] = await came(hook.path, 'submission.scored');
    if (!scored) throw new Error('nothing came');
    expect(isSigned(scored, hook.secret)).toBe(true);
    expect(isSigned({ ...scored, body: `${scored.body} ` }, hook.secret)).toBe(false);
    expect(Math.abs(Number(scored.headers['webhook-timestamp']) * 1000 - Date.now())).toBeLessThan(200_000);
    expect(messageOf(scored).data).toMatchObject({
      submission: { id, kind: 'predictions', part: null },
      team: { name: expect.stringMatching(/\S/) },
      metric: 'top1',
      publicScore: 0.5,
      again: false,
    });
    for (const secret of [ada.name, ada.email, 'rivate'])
      expect(scored.body.includes(secret), `${secret} in ${scored.body}`).toBe(false);

    // Not the try-outs of staff, nor a baseline.
    const tryOut = await course.instructor.submit(slug, tinyPredictions);
    await course.instructor.finished(tryOut.id);
    expect((await ada.call(`POST /submissions/${id}/rerun`)).status).toBe(403);
    expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBeLessThan(300);
    const again = await came(hook.path, 'submission.scored', 2);
    expect(again.map((one) => messageOf(one).data['again'])).toEqual([false, true]);
    const ids = receiver.at(hook.path).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is of failed runs whose fault it was, and not of files that were rejected', async () => {
    const hook = await makeHook(course, receiver, { events: ['run.failed'] });
    const slug = await makeCompetition(course);
    const rejected = await ada.submit(slug, 'id,label\na,0\n');
    expect(await ada.finished(rejected.id)).toMatchObject({ state: 'rejected' });
    await acceptCode(system, slug);
    const crashed = await submitCode(system, slug, { userId: ada.id, does: { code: 3 } });
    await inState(system.db.pool, crashed, 'rejected');
    const [program] = await came(hook.path, 'run.failed');
    expect(program && messageOf(program).data).toMatchObject({
      submission: { id: crashed, kind: 'code' },
      cause: 'program',
    });

    const broken = await submitCode(system, slug, { userId: ada.id, does: { breaks: 'run' } });
    await inState(system.db.pool, broken, 'failed');
    const [, server] = await came(hook.path, 'run.failed', 2);
    expect(server && messageOf(server).data).toMatchObject({ submission: { id: broken }, cause: 'server' });
    expect(receiver.at(hook.path)).toHaveLength(2);
  });

  it('is of a release of grades to how many, and of nothing that changed nothing', async () => {
    const hook = await makeHook(course, receiver, { events: ['grade.released'] });
    const graded = await makeGraded(course);
    await graded.submit(ada, 6);
    await graded.setScheme(midtermScheme);
    await graded.close();
    for (let times = 0; times < 2; times++) expect((await graded.release({ incomplete: true })).status).toBe(200);
    const [released] = await came(hook.path, 'grade.released');
    expect(released && messageOf(released).data).toMatchObject({
      competition: { slug: graded.slug },
      released: 2,
    });
    expect(await hook.deliveries()).toHaveLength(2);
  });

  it('is only what was asked for, and nothing of another course', async () => {
    const hook = await makeHook(course, receiver, { events: ['grade.released'] });
    const other = await makeCourse(system, { students: 1 });
    const theirs = await makeHook(other, receiver);
    const slug = await makeCompetition(other);
    await came(theirs.path, 'competition.opened');
    const [student] = other.students;
    const id = (await student?.submit(slug, tinyPredictions))?.id ?? 0;
    await student?.finished(id);
    await came(theirs.path, 'submission.scored');
    expect(receiver.at(hook.path)).toEqual([]);
    for (const call of [`PATCH ${hookUrl(other, hook.id)}`, `POST ${hookUrl(other, hook.id)}/test`])
      expect((await other.instructor.json(call, {})).status, call).toBe(404);
    expect((await other.instructor.call(`GET ${hookUrl(other, hook.id)}/deliveries`)).status).toBe(404);
  });

  it('ends with the role of whoever answers for the hook, until another instructor saves it', async () => {
    const own = await makeCourse(system, { students: 0 });
    const second = await own.add('instructor');
    const hook = await makeHook(own, receiver, { by: second });
    await hook.delivery('test', ({ state }) => state === 'delivered');
    await own.instructor.call(`DELETE /courses/${own.slug}/members/${second.id}`);
    await makeCompetition(own);
    const listed = async () => {
      const { hooks } = listHooks.schema.response[200].parse(
        (await own.instructor.call(`GET /courses/${own.slug}/hooks`)).body,
      );
      return hooks[0];
    };
    expect(await listed()).toMatchObject({ silent: true, owner: { userId: second.id } });
    // The opening was looked at: nothing is told of it later.
    await until('the opening was seen', 120_000, async () => {
      const { rows } = await system.db.pool.query(
        `select from phase_opening join phase on phase.id = phase_id join competition on competition.id = competition_id where course_id = $1`,
        [own.id],
      );
      return rows.length === 1;
    });
    const saved = Hook.parse((await own.instructor.json(`PATCH ${hookUrl(own, hook.id)}`, { name: 'Mine' })).body);
    expect(saved).toMatchObject({ name: 'Mine', silent: false, owner: { userId: own.instructor.id } });
    const slug = await makeCompetition(own);
    const [opened] = await came(hook.path, 'competition.opened');
    expect(opened && messageOf(opened).data['competition']).toMatchObject({ slug });
    expect(receiver.at(hook.path)).toHaveLength(1);
  });

  it('can be signed with two secrets while one is changed, and with the new one alone', async () => {
    const hook = await makeHook(course, receiver);
    const rotate = async (body: Record<string, unknown>) =>
      rotateHookSecret.schema.response[200].parse(
        (await course.instructor.json(`POST ${hookUrl(course, hook.id)}/secret`, body)).body,
      );
    const tests = () => receiver.received.filter(({ path }) => path === hook.path);
    const send = async () => {
      const before = tests().length;
      expect((await course.instructor.call(`POST ${hookUrl(course, hook.id)}/test`)).status).toBe(202);
      return await until('a test', 120_000, async () => Promise.resolve(tests()[before]));
    };
    await hook.delivery('test', ({ state }) => state === 'delivered');
    const next = await rotate({});
    expect(next.secret).not.toBe(hook.secret);
    expect(Date.parse(next.hook.oldSecretUntil ?? '')).toBeGreaterThan(Date.now() + 20 * hourMs);
    const both = await send();
    expect([isSigned(both, hook.secret), isSigned(both, next.secret)]).toEqual([true, true]);
    const { secret, hook: changed } = await rotate({ keepOldHours: 0 });
    expect(changed.oldSecretUntil).toBeNull();
    await hook.delivery(
      'test',
      ({ messageId, state }) => messageId === both.headers['webhook-id'] && state === 'delivered',
    );
    const last = await send();
    expect([hook.secret, next.secret, secret].map((one) => isSigned(last, one))).toEqual([false, false, true]);
  });

  it('keeps what is secret to itself: an address and a secret are in no answer and in no log', async () => {
    const own = await makeCourse(system, { students: 0 });
    const hook = await makeHook(own, receiver, { path: '/services/T0/B0/verysecretpath' });
    await own.instructor.json(`PATCH ${hookUrl(own, hook.id)}`, { url: `${receiver.url}/services/T1/B1/other-secret` });
    await own.instructor.json(`POST ${hookUrl(own, hook.id)}/secret`, {});
    const seen = [
      await own.instructor.call(`GET /courses/${own.slug}/hooks`),
      await own.instructor.call(`GET ${hookUrl(own, hook.id)}/deliveries`),
      await own.ta.call(`GET /courses/${own.slug}/audit?limit=100`),
    ].map(({ text }) => text);
    for (const text of seen) {
      for (const secret of ['verysecret', 'other-secret', hook.secret, 'whsec_']) expect(text).not.toContain(secret);
    }
    expect(seen[2]).toContain('rotateHookSecret');
    expect((await own.ta.call(`GET /courses/${own.slug}/hooks`)).status).toBe(403);
  });

  it('needs an address that something may be sent to, and says what is wrong with another', async () => {
    const make = async (body: Record<string, unknown>) =>
      await course.instructor.json(`POST /courses/${course.slug}/hooks`, {
        name: 'X',
        events: ['run.failed'],
        ...body,
      });
    const places = [
      'nowhere',
      'ftp://example.org/',
      'http://example.org/',
      'https://u:p@example.org/',
      'https://2130706433/',
      'https://[::1]/',
    ];
    for (const url of places) {
      const answer = await make({ url });
      expect(answer.problem(), url).toMatchObject({ status: 400, type: 'validation-failed' });
      expect(answer.problem().errors?.[0]?.path).toBe('body.url');
    }
    for (const body of [
      { url: 'https://example.org/', events: [] },
      { url: 'https://example.org/', events: ['test'] },
    ])
      expect((await make(body)).status).toBe(400);
  });

  it('is of at most 20 hooks of a course', async () => {
    const own = await makeCourse(system, { students: 0 });
    const body = { name: 'One', url: `${receiver.url}/many`, events: ['run.failed'] };
    for (let i = 0; i < 20; i++)
      createHook.schema.response[201].parse((await own.instructor.json(`POST /courses/${own.slug}/hooks`, body)).body);
    expect((await own.instructor.json(`POST /courses/${own.slug}/hooks`, body)).problem()).toMatchObject({
      type: 'conflict',
    });
  });
});
