import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRerunBatches, RerunBatch } from '../../core/contract/rerun-batches.ts';
import { transaction } from '../../core/db/sql.ts';
import { feedBatch } from '../../core/submissions/rerun-batch.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

/** More than go on at once. */
const many = 40;

describe('a rerun of a whole phase', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
  });
  afterAll(async () => await system.stop());

  /** A competition with so many submissions that were scored, all of them wrongly. */
  const makeScored = async () => {
    const slug = await makeCompetition(course);
    const { prisma } = system.db;
    const sent = await course.students[0]?.submit(slug, tinyPredictions);
    const { id, phaseId, teamId, userId, fileName, fileHash, fileBytes, receivedAt } =
      await prisma.submission.findUniqueOrThrow({ where: { id: sent?.id ?? 0 } });
    const data = { phaseId, teamId, userId, fileName, fileHash, fileBytes, receivedAt, priority: 1 };
    const scores = { public: {}, private: {} };
    const wrong = { state: 'scored', finishedAt: new Date(), scores, publicValue: 0.1, privateValue: 0.1 } as const;
    await prisma.submission.createMany({ data: Array.from({ length: many }, () => ({ ...data, ...wrong })) });
    await prisma.submission.update({ where: { id }, data: { state: 'cancelled', finishedAt: new Date() } });
    return slug;
  };
  const create = async (slug: string, body: unknown = {}) =>
    await course.ta.json(`POST /competitions/${slug}/rerun-batches`, body);
  const begin = async (slug: string) => {
    const answer = await create(slug);
    expect(answer.status, answer.text).toBe(202);
    return RerunBatch.parse(answer.body);
  };
  const change = async (slug: string, id: number, state: string) =>
    await course.ta.json(`PATCH /competitions/${slug}/rerun-batches/${id}`, { state });
  const progress = async (slug: string) => {
    const { body } = await course.ta.call(`GET /competitions/${slug}/rerun-batches`);
    return listRerunBatches.schema.response[200].parse(body).batches[0];
  };
  const feed = async () => await transaction(system.db.pool, async (client) => await feedBatch(client, 0));
  const inState = async (slug: string, state: 'queued' | 'scored') =>
    await system.db.prisma.submission.count({ where: { state, phase: { competition: { slug } } } });

  it('is paused, which takes back what nobody has begun, resumed and cancelled; another one has to wait', async () => {
    const slug = await makeScored();
    const { id, total, done, state } = await begin(slug);
    expect([total, done, state]).toEqual([many, 0, 'running']);
    const second = (await create(slug)).problem();
    expect([second.type, second.detail]).toEqual([
      'conflict',
      'A rerun of "A competition" is going on or paused. Wait for it, or cancel it first.',
    ]);
    expect((await feed())?.requeued).toHaveLength(32);
    expect(await inState(slug, 'queued')).toBe(32);
    // What waits already is not queued twice.
    expect((await feed())?.requeued).toEqual([]);

    expect((await change(slug, id, 'paused')).body).toMatchObject({ state: 'paused', done: 0, total: many });
    expect(await inState(slug, 'scored')).toBe(many);
    expect(await feed()).toBeUndefined();
    expect((await change(slug, id, 'running')).status).toBe(200);
    expect((await feed())?.requeued).toHaveLength(32);
    expect((await change(slug, id, 'cancelled')).body).toMatchObject({ state: 'cancelled' });
    expect(await inState(slug, 'scored')).toBe(many);
    expect((await change(slug, id, 'running')).problem().type).toBe('conflict');
    expect((await change(slug, id, 'stopped')).status).toBe(400);
    expect((await change(await makeCompetition(course), id, 'paused')).status).toBe(404);
  });

  it('loses and repeats nothing where a worker is lost midway, or several go on with it at once', async () => {
    const slug = await makeScored();
    const { id } = await begin(slug);
    const lost = transaction(system.db.pool, async (client) => {
      expect((await feedBatch(client, 0))?.requeued).toHaveLength(32);
      throw new Error('the worker was lost');
    });
    await expect(lost).rejects.toThrow('the worker was lost');
    expect(await inState(slug, 'queued')).toBe(0);
    const fed = await Promise.all([feed(), feed(), feed()]);
    const ids = fed.flatMap((each) => each?.requeued ?? []).map(({ submissionId }) => submissionId);
    expect([ids.length, new Set(ids).size]).toEqual([32, 32]);
    await change(slug, id, 'cancelled');
  });

  it('scores each submission again, behind what students send, and counts as it goes', async () => {
    const slug = await makeScored();
    await begin(slug);
    await system.startWorker();
    const ended = await until('all of the phase is scored again', 120_000, async () => {
      const batch = await progress(slug);
      if (batch?.state !== 'done') throw new Error(JSON.stringify(batch));
      return batch;
    });
    expect(ended).toMatchObject({ total: many, done: many, failed: 0, endedAt: expect.stringMatching(/Z$/) });
    const after = await system.db.prisma.submission.groupBy({
      by: ['state', 'attempt', 'publicValue', 'priority'],
      where: { phase: { competition: { slug } }, state: { not: 'cancelled' } },
      _count: true,
    });
    expect(after).toEqual([{ state: 'scored', attempt: 1, publicValue: 0.5, priority: 1_000_000, _count: many }]);
    const audit = await course.ta.call(`GET /courses/${course.slug}/audit?action=createRerunBatch&limit=1`);
    expect(audit.body).toMatchObject({ entries: [{ after: { runCode: false, submissions: many } }] });
    await begin(slug);
  });

  it('ends at once where there is nothing to score again', async () => {
    const slug = await makeCompetition(course);
    const { total } = await begin(slug);
    expect(total).toBe(0);
    await feed();
    await until('it has ended', 120_000, async () => (await progress(slug))?.state === 'done');
  });
});
