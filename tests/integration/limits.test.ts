import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit } from '../../api/submissions/admit.ts';
import { ensureTeam } from '../../api/submissions/teams.ts';
import { usageOf, allowanceOf, refusal } from '../../api/submissions/allowance.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the limits of a team', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 8 });
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const found = course.students[index];
    if (found === undefined) throw new Error(`the course has no student ${index}`);
    return found;
  };
  const post = async (who: Person, slug: string, key?: string, body = tinyPredictions) =>
    await who.call(`POST /competitions/${slug}/submissions?filename=a.csv`, {
      body,
      headers: { 'content-type': 'text/csv', ...(key !== undefined && { 'idempotency-key': key }) },
    });
  const count = async (slug: string) =>
    await system.db.prisma.submission.count({ where: { phase: { competition: { slug } } } });

  it('let exactly five of fifty in that come at once', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 5 } });
    const answers = await Promise.all(Array.from({ length: 50 }, async () => await post(student(0), slug)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
    expect(await count(slug)).toBe(5);
    expect(answers.find(({ status }) => status === 429)?.problem().type).toBe('limit-reached');
  });

  it('take a request that is repeated with its key once, however often and however full', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 2 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await post(student(1), slug, `key-${index % 2}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(({ body }) => Submission.parse(body).id)).size).toBe(2);
    expect(await count(slug)).toBe(2);
    expect((await post(student(1), slug, 'key-2')).status).toBe(429);

    // A large file is judged before it is sent; its repetition is no new one either.
    const other = await makeCompetition(course, { settings: { dailyLimit: 1 } });
    const large = tinyPredictions + '\n'.repeat(2 ** 21);
    const first = await post(student(1), other, 'large', large);
    const second = await post(student(1), other, 'large', large);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(Submission.parse(second.body).id).toBe(Submission.parse(first.body).id);
  });

  it('are counted for one team without holding up the others', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 5 } });
    const { id } = await student(7).submit(slug, tinyPredictions);
    const holder = await system.db.pool.connect();
    try {
      await holder.query('begin');
      // As a transaction would that hangs in the middle.
      await holder.query('select 1 from team where id = (select team_id from submission where id = $1) for update', [
        id,
      ]);
      const stuck = Promise.all(Array.from({ length: 30 }, async () => await post(student(7), slug)));
      const startedMs = performance.now();
      const other = await post(student(6), slug);
      expect([other.status, performance.now() - startedMs < 3_000]).toEqual([202, true]);
      await holder.query('rollback');
      const statuses = (await stuck).map(({ status }) => status);
      expect(statuses.filter((status) => status === 202)).toHaveLength(4);
      expect(statuses.filter((status) => status !== 202 && status !== 429 && status !== 503)).toEqual([]);
    } finally {
      holder.release(true);
    }
  });

  it('do not count what was rejected, cancelled or failed', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 1, totalLimit: 1 } });
    for (const state of ['rejected', 'failed'] as const) {
      const { id } = await student(2).submit(slug, tinyPredictions);
      expect((await post(student(2), slug)).status).toBe(429);
      await system.db.prisma.submission.update({ where: { id }, data: { state } });
    }
    const { id } = await student(2).submit(slug, tinyPredictions);
    expect((await student(2).call(`POST /submissions/${id}/cancel`)).status).toBe(200);
    expect((await post(student(2), slug)).status).toBe(202);
    expect((await post(student(2), slug)).status).toBe(429);
  });

  it('say when the next slot opens, and that none does before the deadline', async () => {
    const dueAt = new Date(Date.now() + 3 * 24 * hourMs).toISOString();
    const slug = await makeCompetition(course, { settings: { dailyLimit: 1, dueAt } });
    await student(3).submit(slug, tinyPredictions);
    const refused = await post(student(3), slug);
    const { nextSlotAt } = refused.problem();
    const next = new Date(nextSlotAt ?? 0);
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'medium' });
    expect(clock.format(next)).toBe('00:00:00');
    const untilMs = next.getTime() - Date.now();
    expect(untilMs).toBeGreaterThan(0);
    expect(untilMs).toBeLessThanOrEqual(25 * hourMs);
    expect(Math.abs(Number(refused.headers.get('retry-after')) - untilMs / 1000)).toBeLessThan(5);

    const dueSoon = new Date(Date.now() + hourMs / 6);
    const soon = await makeCompetition(course, { settings: { dailyLimit: 1, dueAt: dueSoon.toISOString() } });
    await student(3).submit(soon, tinyPredictions);
    const last = await post(student(3), soon);
    expect(last.status).toBe(429);
    // Just before midnight the next day begins before the deadline.
    const isLast = dueSoon <= next;
    expect(last.problem().nextSlotAt === undefined).toBe(isLast);
    expect(last.headers.get('retry-after') === null).toBe(isLast);
  });

  describe('begin a new day at midnight of the course', () => {
    const days = [
      {
        name: 'an ordinary one',
        zone: 'America/New_York',
        lastOfDay: '2026-07-02T03:59:59.999Z',
        next: '2026-07-02T04:00:00.000Z',
        hours: 24,
      },
      {
        name: 'one of 23 hours',
        zone: 'America/New_York',
        lastOfDay: '2026-03-09T03:59:59.999Z',
        next: '2026-03-09T04:00:00.000Z',
        hours: 23,
      },
      {
        name: 'one of 25 hours',
        zone: 'America/New_York',
        lastOfDay: '2026-11-02T04:59:59.999Z',
        next: '2026-11-02T05:00:00.000Z',
        hours: 25,
      },
      {
        name: 'one east of Greenwich',
        zone: 'Asia/Kolkata',
        lastOfDay: '2026-07-02T18:29:59.999Z',
        next: '2026-07-02T18:30:00.000Z',
        hours: 24,
      },
      {
        name: 'one after a midnight that there is not',
        zone: 'America/Santiago',
        lastOfDay: '2026-09-06T03:59:59.999Z',
        next: '2026-09-06T04:00:00.000Z',
        hours: 24,
      },
    ] as const;

    it.each(days)('after $name', async ({ zone, lastOfDay, next, hours }) => {
      const local = await makeCourse(system, { students: 1, timeZone: zone });
      const slug = await makeCompetition(local, {
        settings: { dailyLimit: 1, opensAt: '2026-01-01T00:00:00Z', dueAt: '2027-01-01T00:00:00Z' },
      });
      const phase = await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
      const userId = local.students[0]?.id ?? 0;
      const teamId = await ensureTeam(system.db, phase.competitionId, userId, 'students');
      const at = async (receivedAt: Date) =>
        await admit(system.db.pool, {
          phaseId: phase.id,
          teamId,
          userId,
          kind: 'predictions',
          file: { name: 'a.csv', blob: { hash: '0'.repeat(64), bytes: 1 } },
          claimed: undefined,
          keepFile: async () => await Promise.resolve(),
          part: null,
          note: '',
          receivedAt,
          idempotencyKey: undefined,
          gated: true,
        });
      const nextAt = new Date(next);
      const firstOfDay = new Date(nextAt.getTime() - hours * hourMs);
      await at(new Date(firstOfDay.getTime() - 1));
      await at(firstOfDay);
      await expect(at(new Date(lastOfDay))).rejects.toMatchObject({
        type: 'limit-reached',
        extra: { nextSlotAt: next },
      });
      const usage = await usageOf(system.db.pool, phase.id, teamId, new Date(lastOfDay));
      expect(allowanceOf(usage)).toMatchObject({ leftToday: 0, nextSlotAt: next });
      expect(refusal(usage, new Date(lastOfDay))?.extra.retryAfterS).toBeCloseTo(0.001);
      await at(nextAt);
    });
  });

  describe('and the deadline', () => {
    /** The clock is nobody's to wait for: the deadline comes to it. To the millisecond: dates.test.ts. */
    const passes = async (slug: string, dueAt: Date) => {
      const { count: moved } = await system.db.prisma.phase.updateMany({
        where: { competition: { slug } },
        data: { dueAt },
      });
      expect(moved).toBe(1);
    };

    it('lets in what comes before it, and nothing after it', async () => {
      const slug = await makeCompetition(course);
      expect((await post(student(4), slug)).status).toBe(202);
      await passes(slug, new Date(Date.now() - 1000));
      const late = await post(student(4), slug);
      expect(late.problem()).toMatchObject({ type: 'deadline-passed', status: 403 });
      expect(await count(slug)).toBe(1);
    });

    it('is judged by when a request begins, however slowly its file comes', async () => {
      const slug = await makeCompetition(course);
      const slow = startUpload(student(5), slug);
      slow.send(tinyPredictions.slice(0, 10));
      // When another one has been answered, that one has long begun.
      expect((await post(student(4), slug)).status).toBe(202);
      const dueMs = Date.now();
      await passes(slug, new Date(dueMs));
      await expect.poll(() => Date.now() - dueMs, { timeout: 60_000, interval: 20 }).toBeGreaterThan(100);
      expect((await post(student(6), slug)).problem().type).toBe('deadline-passed');
      expect(await slow.end(tinyPredictions.slice(10))).toBe(202);
    });
  });

  function startUpload(who: Person, slug: string): { send(text: string): void; end(text: string): Promise<number> } {
    const status = Promise.withResolvers<number>();
    const sending = request(
      `${system.url}/api/v1/competitions/${slug}/submissions?filename=a.csv`,
      { method: 'POST', headers: { authorization: `Bearer ${who.token}`, 'content-type': 'text/csv' } },
      (response) => {
        response.resume();
        status.resolve(response.statusCode ?? 0);
      },
    );
    sending.on('error', status.reject);
    return {
      send: (text) => void sending.write(text),
      end: async (text) => {
        sending.end(text);
        return await status.promise;
      },
    };
  }
});
