import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Submission } from '../../core/contract/submissions.ts';
import { breakRun } from '../../core/submissions/runs.ts';
import { claim } from '../../core/submissions/claim.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { registerImage, seeWorker, startRun, tinyNotebook, tinyScript } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';
import { makeZip } from '../support/zip.ts';

describe('code that is submitted', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 8 });
    await registerImage(system.db, 'python', 'sha256:python');
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const found = course.students[index];
    if (found === undefined) throw new Error(`the course has no student ${index}`);
    return found;
  };
  const make = async (accepts: readonly string[], settings: Record<string, unknown> = {}) =>
    await makeCompetition(course, { settings: { accepts, ...settings } });
  const send = async (who: Person, slug: string, content: string | Uint8Array<ArrayBuffer>, name: string) =>
    await who.upload(`POST /competitions/${slug}/submissions`, content, name);
  const count = async (slug: string) =>
    await system.db.prisma.submission.count({ where: { phase: { competition: { slug } } } });
  const rowOf = async (id: number) => await system.db.prisma.submission.findUniqueOrThrow({ where: { id } });

  it('is taken for what it is', async () => {
    const slug = await make(['predictions', 'code', 'notebook']);
    const kinds = [
      [tinyScript, 'train.py', 'code', 'cpu'],
      [tinyNotebook, 'train.ipynb', 'notebook', 'cpu'],
      [makeZip([{ name: 'main.py', content: tinyScript }]), 'work.zip', 'code', 'cpu'],
      [makeZip([{ name: 'main.ipynb', content: tinyNotebook }]), 'work.zip', 'notebook', 'cpu'],
      [tinyPredictions, 'predictions.csv', 'predictions', 'score'],
    ] as const;
    for (const [content, name, kind, needs] of kinds) {
      const { id, kind: told } = await student(0).submit(slug, content, name);
      expect([told, (await rowOf(id)).needs]).toEqual([kind, needs]);
    }
    const raw = await student(0).call(`POST /competitions/${slug}/submissions?filename=a.py`, {
      body: tinyScript,
      headers: { 'content-type': 'text/x-python' },
    });
    expect(Submission.parse(raw.body).kind).toBe('code');
  });

  it.each([
    [['predictions'], tinyScript, 'train.py', 'takes a file of predictions'],
    [['predictions'], tinyNotebook, 'train.ipynb', 'takes a file of predictions'],
    [['code'], tinyPredictions, 'predictions.csv', 'takes a script'],
    [['code'], tinyNotebook, 'train.ipynb', 'this is a notebook'],
    [['notebook'], tinyScript, 'train.py', 'takes a notebook'],
    [['code'], makeZip([{ name: 'main.ipynb', content: tinyNotebook }]), 'work.zip', 'this is a notebook'],
  ] as const)('is refused where a phase takes only %j', async (accepts, content, name, sentence) => {
    const slug = await make(accepts);
    const refused = await send(student(0), slug, content, name);
    expect(refused.problem()).toMatchObject({ type: 'kind-not-accepted', status: 422 });
    expect(refused.problem().detail).toContain(sentence);
    expect(await count(slug)).toBe(0);
  });

  it('is refused at once where it can’t be run, with all that is wrong, and nothing is kept or charged', async () => {
    const slug = await make(['code'], { dailyLimit: 1 });
    const bad = makeZip([{ name: '../a.py', content: tinyScript }, { name: '/etc/passwd' }]);
    const refused = await send(student(1), slug, bad, 'work.zip');
    expect(refused.problem()).toMatchObject({
      type: 'code-rejected',
      status: 422,
      errors: [
        { code: 'bad-name', path: '../a.py' },
        { code: 'bad-name', path: '/etc/passwd' },
      ],
    });
    expect(await count(slug)).toBe(0);
    expect((await send(student(1), slug, tinyScript, 'a.py')).status).toBe(202);
  });

  it('is checked without being taken', async () => {
    const slug = await make(['code', 'predictions']);
    const check = async (content: string | Uint8Array<ArrayBuffer>, name: string) =>
      (await student(1).upload(`POST /competitions/${slug}/check`, content, name)).body;
    expect(await check(tinyScript, 'a.py')).toMatchObject({ valid: true, errors: [] });
    expect(await check('\0', 'a.py')).toMatchObject({ valid: false, errors: [{ code: 'nul-byte' }] });
    expect(await check(tinyPredictions, 'a.csv')).toMatchObject({ valid: true, rows: 4 });
    const refused = await student(1).upload(`POST /competitions/${slug}/check`, tinyNotebook, 'a.ipynb');
    expect(refused.problem().type).toBe('kind-not-accepted');
    expect(await count(slug)).toBe(0);
  });

  describe('with the predictions that it made', () => {
    const both = async (
      who: Person,
      slug: string,
      code: string,
      claimed: string,
      headers: Record<string, string> = {},
    ) => {
      const form = new FormData();
      form.append('predictions', new Blob([claimed]), 'predictions.csv');
      form.append('file', new Blob([code]), 'train.py');
      return await who.call(`POST /competitions/${slug}/submissions`, { body: form, headers });
    };

    it('has these scored, and is kept for a rerun', async () => {
      const slug = await make(['code', 'predictions']);
      const { id, kind, file, claimed } = Submission.parse(
        (await both(student(2), slug, tinyScript, tinyPredictions)).body,
      );
      expect([kind, file.name, claimed?.bytes]).toEqual(['code', 'train.py', tinyPredictions.length]);
      expect(await rowOf(id)).toMatchObject({ needs: 'score', claimedHash: claimed?.sha256 });
      expect((await student(2).call(`GET /submissions/${id}/file`)).text).toBe(tinyScript);
    });

    it('is another submission where one of both differs', async () => {
      const slug = await make(['code', 'predictions']);
      const headers = { 'idempotency-key': 'k' };
      expect((await both(student(2), slug, tinyScript, tinyPredictions, headers)).status).toBe(202);
      expect((await both(student(2), slug, tinyScript, tinyPredictions, headers)).status).toBe(202);
      const other = await both(student(2), slug, tinyScript, `${tinyPredictions}\n`, headers);
      expect(other.problem().type).toBe('conflict');
      expect(await count(slug)).toBe(1);
    });

    it('is refused where predictions don’t count, and two files of predictions anywhere', async () => {
      const only = await make(['code']);
      const refused = await both(student(2), only, tinyScript, tinyPredictions);
      expect(refused.problem().detail).toContain('scores what the code itself writes');
      const slug = await make(['code', 'predictions']);
      const form = new FormData();
      for (const field of ['file', 'file']) form.append(field, new Blob([tinyPredictions]), 'a.csv');
      expect((await student(2).call(`POST /competitions/${slug}/submissions`, { body: form })).status).toBe(400);
      const two = new FormData();
      for (const field of ['file', 'predictions']) two.append(field, new Blob([tinyPredictions]), 'a.csv');
      expect((await student(2).call(`POST /competitions/${slug}/submissions`, { body: two })).status).toBe(400);
      expect(await count(slug)).toBe(0);
    });

    it('is nothing special to a client that calls its one file predictions', async () => {
      const slug = await make(['predictions']);
      const form = new FormData();
      form.append('predictions', new Blob([tinyPredictions]), 'a.csv');
      const answer = await student(2).call(`POST /competitions/${slug}/submissions`, { body: form });
      expect(Submission.parse(answer.body).kind).toBe('predictions');
    });
  });

  describe('and waits', () => {
    const read = async (who: Person, id: number) => Submission.parse((await who.call(`GET /submissions/${id}`)).body);

    it('says for what, and when its turn may come', async () => {
      const pending = await make(['code'], { runSettings: { image: 'python-cuda' } });
      const { id: imageless } = await student(3).submit(pending, tinyScript, 'a.py');
      expect((await read(student(3), imageless)).waitingFor).toContain('The image "python-cuda"');
      expect(await claim(system.db.pool, imageless, 1000, 'cpu')).toBeUndefined();
      await student(3).call(`POST /submissions/${imageless}/cancel`);

      const slug = await make(['code']);
      const { id } = await student(3).submit(slug, tinyScript, 'a.py');
      expect((await read(student(3), id)).waitingFor).toContain('No grader that can run code is there');
      await seeWorker(system.db, 'one', { sandbox: { kind: 'off', why: 'no Docker' } });
      await expect
        .poll(async () => (await read(student(3), id)).waitingFor, { timeout: 60_000 })
        .toContain('No grader');
      await seeWorker(system.db, 'one', { slots: { score: 1, cpu: 100, gpu: 0 } });
      await expect.poll(async () => (await read(student(3), id)).waitingFor, { timeout: 60_000 }).toBeUndefined();
      const { estimatedStartAt } = await read(student(3), id);
      expect(Math.abs(new Date(estimatedStartAt ?? 0).getTime() - Date.now())).toBeLessThan(5_000);
      await system.db.prisma.worker.update({ where: { name: 'one' }, data: { seenAt: new Date(Date.now() - 60_000) } });
      await expect
        .poll(async () => (await read(student(3), id)).waitingFor, { timeout: 60_000 })
        .toContain('No grader');
    });

    it('is estimated from what recent runs of its phase took', async () => {
      const local = await startSystem({ worker: false });
      try {
        const own = await makeCourse(local, { students: 3 });
        await registerImage(local.db, 'python', 'sha256:python');
        await seeWorker(local.db, 'one', { slots: { score: 1, cpu: 2, gpu: 0 } });
        const slug = await makeCompetition(own, { settings: { accepts: ['code'] } });
        const ids: number[] = [];
        for (const who of [...own.students, ...own.students]) ids.push((await who.submit(slug, tinyScript, 'a.py')).id);
        const [done = 0, ...waiting] = ids;
        await startRun(local.db, done);
        await local.db.pool.query(
          `update run set ending = 'exited', exited_at = claimed_at + interval '100 s' where submission_id = $1`,
          [done],
        );
        await local.db.prisma.submission.update({ where: { id: done }, data: { state: 'rejected' } });
        const seconds = async (id: number) => {
          const { estimatedStartAt } = Submission.parse((await own.instructor.call(`GET /submissions/${id}`)).body);
          return Math.round((new Date(estimatedStartAt ?? 0).getTime() - Date.now()) / 10_000) * 10 + 0;
        };
        // Two slots, 100 s each: the first two at once, then one more every 50 s.
        await expect
          .poll(async () => await Promise.all(waiting.map(seconds)), { timeout: 60_000 })
          .toEqual([0, 0, 50, 100, 150]);
      } finally {
        await local.stop();
      }
    });

    it('has its place among what needs the same graders', async () => {
      const slug = await make(['code', 'predictions']);
      const ahead = await system.db.prisma.submission.count({ where: { state: 'queued', needs: 'cpu', priority: 1 } });
      const { id } = await student(4).submit(slug, tinyScript, 'a.py');
      const { id: other } = await student(5).submit(slug, tinyPredictions);
      const places = await system.db.prisma.submission.count({
        where: { state: 'queued', needs: 'score', priority: 1, id: { lt: other } },
      });
      expect((await read(student(4), id)).queuePosition).toBe(ahead + 1);
      expect((await read(student(5), other)).queuePosition).toBe(places + 1);
    });
  });

  describe('and runs', () => {
    it('can be stopped by its author and by staff, and its worker learns of it', async () => {
      const slug = await make(['code'], { dailyLimit: 2 });
      for (const who of [student(6), course.ta]) {
        const { id } = await student(6).submit(slug, tinyScript, 'a.py');
        await startRun(system.db, id);
        const answer = await who.call(`POST /submissions/${id}/cancel`);
        expect(Submission.parse(answer.body)).toMatchObject({ state: 'cancelled', run: { stage: 'preparing' } });
        expect(await rowOf(id)).toMatchObject({ leaseUntil: null });
        expect((await who.call(`POST /submissions/${id}/cancel`)).problem().type).toBe('already-finished');
      }
      expect(
        (await student(7).call(`POST /submissions/${(await student(6).submit(slug, tinyScript, 'a.py')).id}/cancel`))
          .status,
      ).toBe(404);
    });

    it('is not stopped while its predictions are scored', async () => {
      const slug = await make(['code', 'predictions']);
      const { id } = await student(6).submit(slug, tinyPredictions);
      await claim(system.db.pool, id, 60_000, 'score');
      expect((await student(6).call(`POST /submissions/${id}/cancel`)).problem().type).toBe('already-finished');
    });

    it('has a bound of its own for runs that come to nothing', async () => {
      const slug = await make(['code', 'predictions']);
      const team = await student(7).submit(slug, tinyScript, 'a.py');
      const { phaseId, teamId, userId } = await rowOf(team.id);
      const spoiled = (state: 'rejected' | 'cancelled' | 'failed', attempt: number, many: number) => ({
        data: Array.from({ length: many }, () => ({
          phaseId,
          teamId,
          userId,
          state,
          attempt,
          priority: 1,
          kind: 'code' as const,
          needs: 'cpu' as const,
          fileName: 'a.py',
          fileHash: '0'.repeat(64),
          fileBytes: 1,
          receivedAt: new Date(),
        })),
      });
      // Those that were taken back before they began cost nothing.
      await system.db.prisma.submission.createMany(spoiled('cancelled', 0, 20));
      await system.db.prisma.submission.createMany(spoiled('cancelled', 1, 10));
      await system.db.prisma.submission.createMany(spoiled('rejected', 1, 8));
      // The sandbox broke: nobody ran anything.
      await system.db.prisma.submission.createMany(spoiled('failed', 3, 5));
      // The program ran, and then the instructor's metric failed for what it had written.
      await breakRun(system.db.pool, await startRun(system.db, team.id), 'the worker was lost');
      await system.db.pool.query(`update run set ending = 'exited' where submission_id = $1`, [team.id]);
      await system.db.pool.query(`update submission set state = 'failed' where id = $1`, [team.id]);
      expect((await send(student(7), slug, tinyScript, 'a.py')).status).toBe(202);
      await system.db.prisma.submission.createMany(spoiled('rejected', 2, 1));
      const refused = await send(student(7), slug, tinyScript, 'a.py');
      expect(refused.problem()).toMatchObject({ type: 'limit-reached', status: 429 });
      expect(refused.problem().detail).toContain('20 runs of your team’s code were rejected, stopped or failed today');
      expect((await send(student(7), slug, tinyPredictions, 'a.csv')).status).toBe(202);
    });
  });

  it('may be a baseline', async () => {
    const slug = await make(['code']);
    const answer = await course.instructor.upload(
      `POST /competitions/${slug}/baselines?name=Starter`,
      tinyScript,
      'a.py',
    );
    expect(Submission.parse(answer.body)).toMatchObject({ kind: 'code', team: 'Starter' });
  });
});
