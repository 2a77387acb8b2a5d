import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim, giveBack, renew, type Claim } from '../../core/submissions/claim.ts';
import { finish, release } from '../../core/submissions/finish.ts';
import type { RunEnding } from '../../core/contract/runs.ts';
import { cancel, rerun, rerunAll } from '../../core/submissions/requeue.ts';
import { endRun } from '../../core/submissions/runs.ts';
import type { Verdict } from '../../core/submissions/verdict.ts';
import { loseBlob } from '../support/blobs.ts';
import { makeCompetition, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { registerImage, startRun, tinyScript } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, readRow, wrongStandings } from '../support/truth.ts';

const scored = (value: number): Verdict => ({
  kind: 'scored',
  scores: { public: {}, private: {} },
  publicValue: value,
  privateValue: value,
  hits: new Map([['top1', new Uint8Array([1])]]),
  notices: [],
});

describe('a claim', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 6 });
    slug = await makeCompetition(course);
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const found = course.students[index];
    if (found === undefined) throw new Error(`the course has no student ${index}`);
    return found;
  };
  const take = async (id: number, leaseMs = 60_000): Promise<Claim> => {
    const held = await claim(system.db.pool, id, leaseMs);
    if (held === undefined) throw new Error(`submission ${id} was not there to claim`);
    return held;
  };

  it('of code that is scored again is of what its last whole run wrote, never of what an earlier one was lucky with', async () => {
    await registerImage(system.db, 'python', 'sha256:python');
    const code = await makeCompetition(course, { settings: { accepts: ['code'] } });
    const { id } = await student(5).submit(code, tinyScript, 'a.py');
    const runOnce = async (end: { ending: RunEnding; output?: string }) => {
      const held = await startRun(system.db, id);
      const output = end.output === undefined ? undefined : { hash: end.output, bytes: 1 };
      await endRun(system.db.pool, held, { ending: end.ending, exitedAt: new Date(), samples: [], output });
      await system.db.pool.query(`update submission set state = 'rejected', finished_at = now() where id = $1`, [id]);
      return held.phaseId;
    };
    const lucky = 'a'.repeat(64);
    const phaseId = await runOnce({ ending: 'exited', output: lucky });
    expect(await rerunAll(system.db.pool, phaseId, false)).toMatchObject([{ needs: 'score' }]);
    expect((await take(id)).keptHash).toBe(lucky);
    await system.db.pool.query(`update submission set needs = 'cpu', state = 'queued' where id = $1`, [id]);
    await runOnce({ ending: 'broken' });
    expect(await rerunAll(system.db.pool, phaseId, false)).toMatchObject([{ needs: 'score' }]);
    await system.db.pool.query(`update submission set needs = 'cpu' where id = $1`, [id]);
    await runOnce({ ending: 'exited' });
    expect(await rerunAll(system.db.pool, phaseId, false)).toMatchObject([{ needs: 'cpu' }]);
  });

  it('is given to one of many who ask', async () => {
    const { id } = await student(0).submit(slug, tinyPredictions);
    const claims = await Promise.all(Array.from({ length: 20 }, async () => await claim(system.db.pool, id, 60_000)));
    expect(claims.filter((held) => held !== undefined)).toHaveLength(1);
  });

  it('that has run out may write nothing once another has taken over', async () => {
    const { pool } = system.db;
    const { id } = await student(0).submit(slug, tinyPredictions);
    const late = await take(id, 1);
    const held = await until('the lease runs out', 120_000, async () => await claim(pool, id, 60_000));
    expect(held.attempt).toBe(late.attempt + 1);
    const before = await readRow(pool, id);
    expect(await renew(pool, late, 60_000)).toBe(false);
    expect(await finish(pool, late, scored(1))).toBe(false);
    expect(await release(pool, late, 'late')).toBeUndefined();
    expect(await giveBack(pool, late)).toBe(false);
    expect(await readRow(pool, id)).toEqual(before);
    expect(await finish(pool, held, scored(0.25))).toBe(true);
    expect(await finish(pool, held, scored(1))).toBe(false);
    expect(await readRow(pool, id)).toMatchObject({ state: 'scored', value: 0.25 });
    expect(await wrongStandings(pool)).toEqual([]);
  });

  it('that ends beside others of its team leaves the right best, round after round', async () => {
    const { pool } = system.db;
    for (let round = 0; round < 25; round++) {
      const receipts = await Promise.all([0, 1, 2, 3].map(async () => await student(1).submit(slug, tinyPredictions)));
      const held = await Promise.all(receipts.map(async ({ id }) => await take(id)));
      const values = held.map(() => Math.floor(Math.random() * 5) / 5);
      expect(
        await Promise.all(held.map(async (one, index) => await finish(pool, one, scored(values[index] ?? 0)))),
      ).not.toContain(false);
      expect(await wrongStandings(pool)).toEqual([]);
      // The same again for all: a score may go down as well as up.
      const again = await Promise.all(
        receipts.map(async ({ id }) => ((await rerun(pool, id)) ? await take(id) : undefined)),
      );
      await Promise.all(
        again.map(async (one) => one && (await finish(pool, one, scored(Math.floor(Math.random() * 5) / 10)))),
      );
      expect(await wrongStandings(pool)).toEqual([]);
    }
  });

  it('and a cancellation exclude each other', async () => {
    const { pool } = system.db;
    for (let round = 0; round < 40; round++) {
      const { id } = await student(2).submit(slug, tinyPredictions);
      const [held, cancelled] = await Promise.all([claim(pool, id, 60_000), cancel(pool, id, { reruns: false })]);
      expect(held === undefined).toBe(cancelled);
      expect((await readRow(pool, id)).state).toBe(cancelled ? 'cancelled' : 'running');
      if (held) expect(await finish(pool, held, scored(0))).toBe(true);
    }
  });

  it('that was taken with an old answer key does not outlive a rescore with the new one', async () => {
    const { pool } = system.db;
    const own = await makeCompetition(course);
    const { id } = await student(3).submit(own, tinyPredictions);
    const held = await take(id);
    const replaced = await course.instructor.upload(
      `PUT /competitions/${own}/answer-key?rescore=true`,
      tinyKey.replace('a,0', 'a,1'),
      'solution.csv',
    );
    expect(replaced.status).toBeLessThan(300);
    expect(await finish(pool, held, scored(1))).toBe(false);
    expect(await readRow(pool, id)).toMatchObject({ state: 'queued', tries: 0 });
    const next = await take(id);
    expect(next.answerKeyId).not.toBe(held.answerKeyId);
    expect(await finish(pool, next, scored(0.5))).toBe(true);
  });

  it('is worked on by the worker: a new answer key moves every standing, also down', async () => {
    const own = await makeCompetition(course);
    const worker = await system.startWorker();
    for (const one of course.students.slice(0, 4)) await one.submit(own, tinyPredictions);
    const values = async () => {
      const rows = await system.db.pool.query<{ value: number }>(
        `select value from standing join phase on phase.id = phase_id join competition on competition.id = competition_id where competition.slug = $1 and board = 'public'`,
        [own],
      );
      return rows.rows.map(({ value }) => value);
    };
    await until('all are scored', 120_000, async () => (await values()).length === 4);
    expect(await values()).toEqual([0.5, 0.5, 0.5, 0.5]);
    for (const [key, value] of [
      [tinyKey.replace('a,0', 'a,3'), 0],
      [tinyKey.replace('b,1', 'b,0'), 1],
    ] as const) {
      await course.instructor.upload(`PUT /competitions/${own}/answer-key?rescore=true`, key, 'solution.csv');
      await until(`all have ${value}`, 120_000, async () => (await values()).every((kept) => kept === value));
    }
    expect(await wrongStandings(system.db.pool)).toEqual([]);
    await worker.close();
  });

  it('that breaks on our side is tried again, later each time, then given up; staff can run it again', async () => {
    const own = await makeCompetition(course, { key: tinyKey.replace('a,0', 'a,4') });
    const key = await system.db.prisma.answerKey.findFirstOrThrow({ where: { phase: { competition: { slug: own } } } });
    const putBack = await loseBlob(system.dataDir, key.hash);
    const { id } = await student(4).submit(own, tinyPredictions);
    const worker = await system.startWorker();
    const startedMs = performance.now();
    expect(await inState(system.db.pool, id, 'failed')).toMatchObject({
      attempt: 3,
      fault: expect.stringContaining('ENOENT'),
    });
    expect(performance.now() - startedMs).toBeGreaterThan(5_000);
    expect(await course.instructor.finished(id)).toMatchObject({ fault: expect.stringContaining('ENOENT') });
    const forStudent = await student(4).finished(id);
    expect(forStudent.reason).toContain('our fault');
    expect(JSON.stringify(forStudent)).not.toContain('ENOENT');
    await putBack();
    expect((await student(4).call(`POST /submissions/${id}/rerun`)).status).toBe(403);
    expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBe(202);
    expect(await inState(system.db.pool, id, 'scored')).toMatchObject({ attempt: 4, value: 0 });
    await worker.close();
  });
});
