import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kaggleListSubmissions } from '../../core/contract/kaggle-submissions.ts';
import { hourMs, largeFiles, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { kaggleCall, kaggleSubmit, mustSubmit, startUpload } from '../support/kaggle.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { sendRaw } from '../support/raw-http.ts';
import { startSystem, type System } from '../support/system.ts';

const Listed = kaggleListSubmissions.schema.response[200];

describe('submitting with the kaggle command', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let slug: string;
  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 0 });
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    ada = await course.add('student');
    slug = await makeCompetition(course, { settings: { maxFileBytes: 1000 } });
  });

  /** A file as the client puts it through a proxy: no Authorization, no Content-Type. */
  async function put(createUrl: string, body: string) {
    const { pathname } = new URL(createUrl);
    const head = [
      `PUT http://localhost${pathname} HTTP/1.1`,
      'Host: localhost',
      'User-Agent: ',
      'Accept-Encoding: gzip, deflate',
      'Accept: */*',
      'Connection: keep-alive',
      `Content-Length: ${body.length}`,
    ];
    return await sendRaw(system.url, `${head.join('\r\n')}\r\n\r\n`, body);
  }
  const create = async (token: string, more: object = {}, person = ada) =>
    await kaggleCall(person, 'CreateSubmission', { competitionName: slug, blobFileTokens: token, ...more });
  const list = async (body: object = {}, person = ada) =>
    Listed.parse((await kaggleCall(person, 'ListSubmissions', { competitionName: slug, page: -1, ...body })).body);
  const count = async () => await system.db.prisma.submission.count({ where: { phase: { competition: { slug } } } });
  const parked = async () => (await incoming()).filter((name) => name.startsWith('parked-'));
  const incoming = async () => await readdir(join(system.dataDir, 'incoming'));

  it('takes a file in three steps, and shows its score as text', async () => {
    const { token, createUrl } = await startUpload(ada, slug, 'my predictions.csv');
    expect(createUrl).toBe(`${system.url}/api/v1/kaggle/upload/${token}`);
    expect((await put(createUrl, tinyPredictions)).status).toBe(200);
    const answer = await create(token, { submissionDescription: 'the first' });
    expect(answer.status, answer.text).toBe(200);
    const [submission] = (await list()).submissions;
    expect(answer.body).toEqual({
      ref: submission?.ref,
      message: `Successfully submitted to A competition (submission ${submission?.ref ?? 0})`,
    });
    await ada.finished(submission?.ref ?? 0);
    expect((await list()).submissions).toEqual([
      {
        ref: submission?.ref,
        totalBytes: tinyPredictions.length,
        date: expect.stringMatching(/Z$/),
        description: 'the first',
        errorDescription: '',
        fileName: 'my predictions.csv',
        publicScore: '0.5',
        privateScore: '',
        status: 'COMPLETE',
        submittedBy: ada.name,
        submittedByRef: ada.email,
        teamName: expect.stringMatching(/^\w+ \w+/),
        url: `${system.url}/competitions/${slug}/submissions/${submission?.ref ?? 0}`,
      },
    ]);
    expect((await kaggleCall(ada, 'GetSubmission', { ref: submission?.ref })).body).toEqual(
      (await list()).submissions[0],
    );
    expect(await parked()).toEqual([]);
  });

  it('says where to put it through a bridge on this machine, and at the address of the request else', async () => {
    const body = JSON.stringify({ competitionName: slug });
    const start = async (host: string) => {
      const head = [
        'POST /api/v1/competitions.CompetitionApiService/StartSubmissionUpload HTTP/1.1',
        `Host: ${host}`,
        `Authorization: Bearer ${ada.token}`,
        'X-Forwarded-Proto: https',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
      ];
      return (await sendRaw(system.url, `${head.join('\r\n')}\r\n\r\n${body}`)).body.toString();
    };
    expect(await start('localhost')).toContain('"http://localhost/api/v1/kaggle/upload/');
    expect(await start('topk.example.edu:8443')).toContain('//topk.example.edu:8443/api/v1/kaggle/upload/');
  });

  it('takes a body that is sent again as once, and the last where they differ', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    const before = await incoming();
    await put(createUrl, tinyPredictions);
    await put(createUrl, 'id,label\na,1\n');
    expect((await put(createUrl, tinyPredictions)).status).toBe(200);
    expect((await incoming()).length).toBe(before.length + 1);
    const first = await create(token);
    expect(first.status, first.text).toBe(200);
    expect((await create(token)).body).toMatchObject({ ref: Object(first.body).ref });
    expect(await count()).toBe(1);
    const ref = (await list()).submissions[0]?.ref ?? 0;
    expect((await ada.call(`GET /submissions/${ref}/file`)).text).toBe(tinyPredictions);
    await put(createUrl, tinyPredictions.replace('b,0', 'b,1'));
    expect((await create(token)).body).toEqual({ code: 400, message: expect.stringContaining('anew') });
  });

  it('takes nothing of a body that breaks off, and all of it when it is sent again', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    const { hostname, port, pathname } = new URL(createUrl);
    const before = await incoming();
    const socket = connect(Number(port), hostname);
    socket.write(`PUT ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n${tinyPredictions}`);
    await until('the upload began', 120_000, async () => (await incoming()).length > before.length);
    socket.resetAndDestroy();
    expect((await create(token)).body).toEqual({ code: 400, message: expect.stringContaining('not arrived') });
    await put(createUrl, tinyPredictions);
    expect((await create(token)).status).toBe(200);
  });

  it('takes an empty file, which comes chunked, for what it is', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    const answer = await sendRaw(
      system.url,
      `PUT http://localhost${new URL(createUrl).pathname} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect([answer.status, answer.json()]).toEqual([200, { bytes: 0 }]);
    const refused = await create(token);
    expect(refused.body).toEqual({ code: 400, message: expect.stringMatching(/empty.*Nothing was charged/s) });
  });

  it('counts the bytes itself, and refuses a large file before it is sent', async () => {
    const start = await kaggleCall(ada, 'StartSubmissionUpload', { competitionName: slug, contentLength: 1001 });
    expect(start.body).toEqual({ code: 400, message: expect.stringContaining('1,000 bytes') });
    const { token, createUrl } = await startUpload(ada, slug);
    const chunked = await fetch(createUrl, {
      method: 'PUT',
      body: new Blob(['x'.repeat(1001)]).stream(),
      duplex: 'half',
    });
    expect([chunked.status, await chunked.json()]).toEqual([
      400,
      { code: 400, message: expect.stringContaining('1,000 bytes') },
    ]);
    expect((await create(token)).status).toBe(400);
  });

  it('says what is wrong with the columns, line by line, and charges nothing', async () => {
    const wrong = await kaggleSubmit(ada, slug, 'id,prediction\na,0\nb,0\nc,2\nd,0\n');
    expect(wrong.body).toEqual({ code: 400, message: expect.stringMatching(/^p\.csv: .*label.*Nothing was charged/s) });
    const short = await kaggleSubmit(ada, slug, 'id,label\na,0\nz,9\n');
    expect(short.body).toEqual({ code: 400, message: expect.stringMatching(/line 3/) });
    const code = await kaggleSubmit(ada, slug, 'print(1)\n', { fileName: 'main.py' });
    expect(code.body).toEqual({ code: 400, message: expect.stringContaining('takes a file of predictions') });
    expect(await count()).toBe(0);
  });

  it('refuses at the first step, with what can be done: the limit and when the next slot opens', async () => {
    slug = await makeCompetition(course, { settings: { dailyLimit: 1, totalLimit: 50 } });
    const early = await startUpload(ada, slug);
    await put(early.createUrl, tinyPredictions);
    const taken = await kaggleSubmit(ada, slug, tinyPredictions);
    expect(taken.body).toMatchObject({ message: expect.stringContaining(', 0 left today)') });
    const message = expect.stringMatching(/used its 1 submissions of today/);
    const start = await kaggleCall(ada, 'StartSubmissionUpload', { competitionName: slug });
    expect(start.body).toEqual({ code: 400, message });
    expect((await create(early.token)).body).toEqual({ code: 400, message });
    const limits = await kaggleCall(ada, 'GetSubmissionLimits', { competitionName: slug });
    expect(limits.body).toEqual({ numToday: 1, numTotal: 1, numAllowedNow: 0, limitedByTotal: false });
    await course.instructor.json(`PATCH /competitions/${slug}`, {
      dueAt: new Date(Date.now() + 72 * hourMs).toISOString(),
    });
    const later = await kaggleCall(ada, 'StartSubmissionUpload', { competitionName: slug });
    expect(later.body).toEqual({ code: 400, message: expect.stringMatching(/next one is possible from \w+, \w+ \d+/) });
  });

  it('refuses after the deadline, whoever began before it', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    await put(createUrl, tinyPredictions);
    const [opensAt, dueAt] = [2 * hourMs, hourMs].map((agoMs) => new Date(Date.now() - agoMs).toISOString());
    await course.instructor.json(`PATCH /competitions/${slug}`, { opensAt, dueAt });
    const message = expect.stringContaining('The deadline was');
    expect((await create(token)).body).toEqual({ code: 400, message });
    const start = await kaggleCall(ada, 'StartSubmissionUpload', { competitionName: slug });
    expect(start.body).toEqual({ code: 400, message });
    expect(await count()).toBe(0);
  });

  it('counts a file from when it was begun, however long it was on its way', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    const startedAt = new Date(Date.now() - 5 * 60_000);
    await system.db.prisma.pendingUpload.updateMany({ where: { userId: ada.id }, data: { startedAt } });
    await put(createUrl, tinyPredictions);
    await create(token);
    const { receivedAt } = await system.db.prisma.submission.findFirstOrThrow({ where: { userId: ada.id } });
    expect(receivedAt).toEqual(startedAt);
    const slow = await startUpload(ada, slug);
    const longAgo = new Date(Date.now() - 30 * 60_000);
    const { id } = await system.db.prisma.pendingUpload.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await system.db.prisma.pendingUpload.update({ where: { id }, data: { startedAt: longAgo } });
    await put(slow.createUrl, tinyPredictions);
    await create(slow.token);
    const last = await system.db.prisma.submission.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(last.receivedAt.getTime()).toBeGreaterThan(startedAt.getTime());
  });

  it('keeps uploads apart: another’s, of another competition, over, or too many', async () => {
    const before = await parked();
    const { token, createUrl } = await startUpload(ada, slug);
    await put(createUrl, tinyPredictions);
    const eve = await course.add('student');
    for (const refused of [
      await create(token, {}, eve),
      await create(token, { competitionName: await makeCompetition(course) }),
      await create('nonsense'),
      await create(''),
    ])
      expect(refused.body).toEqual({ code: 400, message: expect.stringContaining('Submit it again') });
    expect((await create(token, { blobFileTokens: [token] })).status).toBe(200);
    const first = await startUpload(ada, slug);
    await put(first.createUrl, tinyPredictions);
    for (let i = 0; i < 4; i++) await startUpload(ada, slug);
    expect((await put(first.createUrl, tinyPredictions)).status).toBe(404);
    expect((await create(first.token)).status).toBe(400);
    expect(await system.db.prisma.pendingUpload.count({ where: { userId: ada.id } })).toBe(4);
    expect(await parked()).toEqual(before);
  });

  it('leaves it to staff to submit without being counted', async () => {
    const { token, createUrl } = await startUpload(ada, slug);
    await put(createUrl, tinyPredictions);
    expect((await create(token, { sandbox: true })).body).toMatchObject({ code: 400 });
    const mine = await startUpload(course.ta, slug);
    await put(mine.createUrl, tinyPredictions);
    expect((await create(mine.token, { sandbox: true }, course.ta)).status).toBe(200);
  });

  it('takes the part of a phase from the beginning of the message', async () => {
    const parts = [
      { slug: 'easy', title: 'Easy' },
      { slug: 'hard', title: 'Hard' },
    ];
    slug = await makeCompetition(course, { settings: { parts } });
    const without = await kaggleSubmit(ada, slug, tinyPredictions, { message: 'no part' });
    expect(without.body).toEqual({ code: 400, message: expect.stringContaining('[easy] for Easy, [hard] for Hard') });
    const ref = await mustSubmit(ada, slug, tinyPredictions, { message: '[hard] with part' });
    expect((await ada.call(`GET /submissions/${ref}`)).body).toMatchObject({ part: 'hard', note: 'with part' });
  });

  it('lists by pages, newest first', async () => {
    const refs: number[] = [];
    for (let i = 0; i < 3; i++) refs.push(await mustSubmit(ada, slug, tinyPredictions));
    const page = await list({ pageSize: 2 });
    expect(page.submissions.map(({ ref }) => ref)).toEqual([refs[2], refs[1]]);
    const next = await list({ pageSize: 2, pageToken: page.nextPageToken });
    expect(next.submissions.map(({ ref }) => ref)).toEqual([refs[0]]);
    expect(next.nextPageToken).toBe('');
    const eve = await course.add('student');
    expect(await list({}, eve)).toEqual({ submissions: [], nextPageToken: '' });
    expect((await kaggleCall(eve, 'GetSubmission', { ref: refs[0] })).status).toBe(404);
  });

  it('takes 50 uploads of 50 people at once', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, async () => await course.add('student')));
    const refs = await Promise.all(
      people.map(
        async (person, i) => [person, await mustSubmit(person, slug, tinyPredictions, { message: `no ${i}` })] as const,
      ),
    );
    expect(new Set(refs.map(([, ref]) => ref)).size).toBe(50);
    expect(await count()).toBe(50);
    for (const [person, ref] of refs) {
      const { state, note } = await person.finished(ref, 240_000);
      expect([state, note]).toEqual(['scored', `no ${people.indexOf(person)}`]);
    }
  });

  it('scores 950,000 rows as our own API does', async () => {
    const { key, predictions } = largeFiles(950_000);
    slug = await makeCompetition(course, { key });
    const own = await ada.submit(slug, predictions);
    const ref = await mustSubmit(ada, slug, predictions);
    const mine = await ada.finished(own.id, 240_000);
    expect((await ada.finished(ref, 240_000)).scores).toEqual(mine.scores);
    expect((await list()).submissions.map(({ publicScore }) => publicScore)).toEqual(['0.25', '0.25']);
  });
});
