import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { hourMs, makeCompetition, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('an instructor’s competition', () => {
  let system: System;
  let course: TestCourse;
  let instructor: Person;
  let ada: Person;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
    instructor = course.instructor;
  });
  afterAll(async () => await system.stop());

  const create = async (slug: string, more: Record<string, unknown> = {}) =>
    await instructor.json('POST /competitions', { course: course.slug, slug, title: 'T', ...more });
  const patch = async (slug: string, body: unknown) =>
    await instructor.call(`PATCH /competitions/${slug}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  it('is made in four calls, and seen by students from then on', async () => {
    const made = await create('four-calls', {
      description: '# Hi',
      kind: 'midterm',
      metrics: ['top1', 'topk(3)'],
      primaryMetric: 'topk(3)',
      dueAt: '2099-12-01T23:59:00-05:00',
      dailyLimit: 5,
    });
    expect(made.status).toBe(201);
    expect(Competition.parse(made.body)).toMatchObject({
      metrics: ['topk(3)', 'top1'],
      primaryMetric: 'topk(3)',
      publishedAt: null,
      phases: [{ dueAt: '2099-12-02T04:59:00.000Z', dailyLimit: 5 }],
    });
    expect((await ada.call('GET /competitions/four-calls')).status).toBe(404);
    expect(
      (await instructor.upload('PUT /competitions/four-calls/answer-key', tinyKey, 'solution.csv')).body,
    ).toMatchObject({ rows: 4, publicRows: 2, privateRows: 2, classCount: 4, outdated: 0 });
    const form = new FormData();
    for (const name of ['train.csv', 'test.csv']) form.append('file', new Blob(['id,x\n']), name);
    expect((await instructor.call('POST /competitions/four-calls/files', { body: form })).status).toBe(201);
    expect((await instructor.call('POST /competitions/four-calls/publish')).status).toBe(200);
    const seen = Competition.parse((await ada.call('GET /competitions/four-calls')).body);
    expect(seen.files.map((file) => file.name)).toEqual(['test.csv', 'train.csv']);
    expect(seen.phases[0]?.answerKey).toBeUndefined();
  });

  it('is not published while something is missing, and all of it is listed', async () => {
    await create('incomplete');
    const refused = await instructor.call('POST /competitions/incomplete/publish');
    expect(refused.status).toBe(422);
    expect(refused.problem().errors?.map((item) => item.path)).toEqual([
      'files',
      'phases.main.answerKey',
      'phases.main.dueAt',
    ]);
  });

  it('refuses what contradicts itself, naming the field', async () => {
    await create('contradictions', { dueAt: '2099-01-02T00:00:00Z' });
    const reasons = [
      [await create('contradictions'), 409, 'conflict'],
      [await create('Bad Slug'), 400, 'validation-failed'],
      [await create('x1', { metrics: ['accuracy'] }), 400, 'validation-failed'],
      [await create('x2', { metrics: ['top1'], primaryMetric: 'top5' }), 400, 'validation-failed'],
      [await create('x3', { dueAt: 'tomorrow' }), 400, 'validation-failed'],
      [await create('x4', { maxFileBytes: 2e12 }), 400, 'validation-failed'],
      [await create('x5', { metric: 'top1' }), 400, 'validation-failed'],
      [await patch('contradictions', { opensAt: '2099-01-03T00:00:00Z' }), 400, 'validation-failed'],
      [await patch('contradictions', { revealAt: '2099-01-01T00:00:00Z' }), 400, 'validation-failed'],
      [await patch('contradictions', { classes: ['a', 'a'] }), 400, 'validation-failed'],
    ] as const;
    for (const [answer, status, type] of reasons) {
      expect(answer.status, answer.text).toBe(status);
      expect(answer.problem().type).toBe(type);
    }
    expect(reasons[6][0].problem().detail).toContain('metric');
  });

  it('has its answer key checked at once, with line numbers, and keeps the one in force', async () => {
    const slug = await makeCompetition(course);
    const bad = 'id,label,Usage\na,0,Public\na,1,Public\nb,,Private\nc,1,Secret\n';
    const refused = await instructor.upload(`PUT /competitions/${slug}/answer-key`, bad);
    expect(refused.status).toBe(422);
    expect(refused.problem().errors?.map((item) => item.line)).toEqual(expect.arrayContaining([3, 4, 5]));
    const { id } = await ada.submit(slug, tinyPredictions);
    expect(await ada.finished(id)).toMatchObject({ state: 'scored' });
  });

  it('says how many scores a new answer key makes outdated, and rescores them on demand', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, tinyPredictions);
    expect((await ada.finished(id)).scores?.public['top1']?.value).toBe(0.5);
    const replaced = await instructor.upload(`PUT /competitions/${slug}/answer-key`, tinyKey.replace('b,1', 'b,0'));
    expect(replaced.body).toMatchObject({ outdated: 1, rescoring: 0 });
    const again = await instructor.upload(
      `PUT /competitions/${slug}/answer-key?rescore=true`,
      tinyKey.replace('b,1', 'b,0'),
    );
    expect(again.body).toMatchObject({ outdated: 1, rescoring: 1 });
    await expect.poll(async () => (await ada.finished(id)).scores?.public['top1']?.value, { timeout: 60_000 }).toBe(1);
    const board = Leaderboard.parse((await ada.call(`GET /competitions/${slug}/leaderboard`)).body);
    expect(board.me?.value).toBe(1);
    const back = await instructor.upload(`PUT /competitions/${slug}/answer-key`, tinyKey);
    expect(back.body).toMatchObject({ outdated: 1 });
    expect((await instructor.call(`POST /competitions/${slug}/rescore`)).body).toEqual({ rescoring: 1 });
    await expect
      .poll(async () => (await ada.finished(id)).scores?.public['top1']?.value, { timeout: 60_000 })
      .toBe(0.5);
  });

  it('is scored again when its metrics change, and a student can’t keep an old score by cancelling that', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    await system.pauseWorkers();
    expect((await patch(slug, { metrics: ['topk(2)'] })).status).toBe(200);
    expect((await ada.call(`GET /submissions/${id}`)).body).toMatchObject({
      state: 'queued',
      scores: { public: { top1: {} } },
    });
    expect((await ada.call(`POST /submissions/${id}/cancel`)).problem().type).toBe('already-finished');
    expect((await course.ta.call(`POST /submissions/${id}/cancel`)).body).toMatchObject({ state: 'scored' });
    expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBe(202);
    await system.startWorker();
    const again = await ada.finished(id);
    expect(Object.keys(again.scores?.public ?? {})).toEqual(['topk(2)']);
  });

  it('serves its files with ranges, and not before it opens', async () => {
    const slug = await makeCompetition(course);
    await instructor.upload(`POST /competitions/${slug}/files`, '0123456789', 'ten.txt');
    const get = async (headers: Record<string, string>) =>
      await ada.call(`GET /competitions/${slug}/files/ten.txt`, { headers });
    expect((await get({})).text).toBe('0123456789');
    const part = await get({ range: 'bytes=2-4' });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await get({ range: 'bytes=-3' })).text).toBe('789');
    expect((await get({ range: 'bytes=10-' })).status).toBe(416);
    expect((await get({ 'if-none-match': part.headers.get('etag') ?? '' })).status).toBe(304);
    await patch(slug, { opensAt: new Date(Date.now() + hourMs / 2).toISOString() });
    expect((await get({})).problem().type).toBe('not-open-yet');
    expect((await ada.upload(`POST /competitions/${slug}/submissions`, tinyPredictions)).problem().type).toBe(
      'not-open-yet',
    );
    expect((await instructor.call(`GET /competitions/${slug}/files/ten.txt`)).status).toBe(200);
  });

  it('takes only file names that can be written anywhere', async () => {
    const slug = await makeCompetition(course);
    for (const name of ['.hidden', 'a b.csv', 'ünicode.csv', '-']) {
      const answer = await instructor.upload(`POST /competitions/${slug}/files`, 'x', name);
      expect(answer.status, name).toBe(name === '-' ? 201 : 400);
    }
    // A path is cut to its last segment.
    expect((await instructor.upload(`POST /competitions/${slug}/files`, 'x', '../../etc/passwd')).body).toMatchObject({
      files: [{ name: 'passwd' }],
    });
    expect((await instructor.call(`DELETE /competitions/${slug}/files/passwd`)).status).toBe(204);
  });

  it('refuses a sample submission that does not fit the answer key', async () => {
    const slug = await makeCompetition(course);
    const refused = await instructor.upload(
      `POST /competitions/${slug}/files`,
      'id,label\na,0\n',
      'sample_submission.csv',
    );
    expect(refused.problem()).toMatchObject({ type: 'answer-key-rejected' });
    expect(refused.problem().detail).toContain('sample_submission.csv');
    expect(
      (
        await instructor.upload(
          `POST /competitions/${slug}/files`,
          'id,label\nd,0\nc,0\nb,0\na,0\n',
          'sample_submission.csv',
        )
      ).status,
    ).toBe(201);
  });

  it('has phases with their own key, dates and board', async () => {
    const slug = await makeCompetition(course);
    const added = await instructor.json(`POST /competitions/${slug}/phases`, {
      slug: 'final',
      title: 'Final',
      opensAt: '2098-01-01T00:00:00Z',
      dueAt: '2099-01-01T00:00:00Z',
    });
    expect(Competition.parse(added.body).phases.map((phase) => phase.status)).toEqual(['open', 'upcoming']);
    expect((await ada.call(`GET /competitions/${slug}/leaderboard?phase=final`)).body).toMatchObject({
      phase: 'final',
      rows: [],
    });
    expect((await ada.call(`GET /competitions/${slug}/leaderboard?phase=nope`)).status).toBe(404);
    expect(
      (await ada.upload(`POST /competitions/${slug}/submissions?phase=final`, tinyPredictions)).problem().detail,
    ).toContain('no answer key yet');
    await instructor.upload(`PUT /competitions/${slug}/answer-key?phase=final`, tinyKey);
    expect(
      (await ada.upload(`POST /competitions/${slug}/submissions?phase=final`, tinyPredictions)).problem().type,
    ).toBe('not-open-yet');
  });

  it('marks baselines on the board, without a rank', async () => {
    const slug = await makeCompetition(course);
    const made = await instructor.upload(`POST /competitions/${slug}/baselines?name=Random+guess`, tinyPredictions);
    expect(made.status).toBe(202);
    await instructor.finished(Submission.parse(made.body).id);
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    const board = Leaderboard.parse((await ada.call(`GET /competitions/${slug}/leaderboard`)).body);
    expect(board.rows.map(({ rank, baseline }) => ({ rank, baseline }))).toEqual([
      { rank: null, baseline: true },
      { rank: 1, baseline: false },
    ]);
    expect(board.teams).toBe(1);
    expect(board.rows[0]?.name).toBe('Random guess');
  });

  it('checks a file as scoring would, without a score or a charge', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 1 } });
    const checked = async (content: string | Uint8Array<ArrayBuffer>) =>
      (await ada.upload(`POST /competitions/${slug}/check`, content)).body;
    expect(await checked(tinyPredictions)).toEqual({ valid: true, rows: 4, errors: [], moreErrors: 0, notices: [] });
    expect(await checked(Uint8Array.from(gzipSync(tinyPredictions)))).toMatchObject({ valid: true });
    expect(await checked('id,label\na,9\nb,0\nb,1\n')).toMatchObject({
      valid: false,
      errors: [{ line: 2 }, { line: 4 }, {}],
    });
    expect((await ada.call(`GET /competitions/${slug}/allowance`)).body).toMatchObject({ leftToday: 1 });
    expect((await ada.call(`GET /competitions/${slug}/submissions`)).body).toEqual({ submissions: [] });
    const rejected = await ada.finished((await ada.submit(slug, 'id,label\na,9\nb,0\nb,1\n')).id);
    expect(rejected).toMatchObject({ state: 'rejected', errors: [{ line: 2 }, { line: 4 }, {}] });
    expect(rejected.scores).toBeUndefined();
    expect((await ada.call(`GET /competitions/${slug}/allowance`)).body).toMatchObject({ leftToday: 1 });
  });
});
