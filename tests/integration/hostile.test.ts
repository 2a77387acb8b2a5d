import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { hourMs, makeCompetition, slowGzip, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { tinyNotebook } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';
import { makeZip } from '../support/zip.ts';

const perfect = 'id,label\na,0\nb,1\nc,2\nd,3\n';

describe('a student who tries', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
  });
  afterAll(async () => await system.stop());

  const board = async (who: Person, slug: string) => await who.call(`GET /competitions/${slug}/leaderboard`);

  it('to guess who is behind a pseudonym by the board’s version', async () => {
    const slug = await makeCompetition(course);
    await ben.finished((await ben.submit(slug, tinyPredictions)).id);
    const [forAda, forStaff] = [await board(ada, slug), await board(course.ta, slug)];
    // Only what classmates can't see changes: nor may it show in what names the board.
    await system.db.prisma.user.update({ where: { id: ben.id }, data: { name: 'Somebody Else' } });
    await ben.finished((await ben.submit(slug, tinyPredictions)).id);
    await expect
      .poll(async () => (await board(course.ta, slug)).headers.get('etag'))
      .not.toBe(forStaff.headers.get('etag'));
    expect((await board(ada, slug)).headers.get('etag')).toBe(forAda.headers.get('etag'));
  });

  it('to find out about a phase that is not open yet', async () => {
    const slug = await makeCompetition(course);
    const later = { slug: 'later', title: 'Later', opensAt: new Date(Date.now() + hourMs).toISOString() };
    await course.instructor.json(`POST /competitions/${slug}/phases`, later);
    await course.instructor.upload(
      `PUT /competitions/${slug}/answer-key?phase=later`,
      tinyKey.replaceAll('a,0', 'z,0'),
    );
    for (const call of [
      `GET /competitions/${slug}/shape?phase=later`,
      `POST /competitions/${slug}/check?phase=later`,
    ]) {
      const answer = call.startsWith('GET') ? await ada.call(call) : await ada.upload(call, tinyPredictions);
      expect(answer.problem().type, call).toBe('not-open-yet');
      const forStaff = call.startsWith('GET')
        ? await course.ta.call(call)
        : await course.ta.upload(call, tinyPredictions);
      expect(forStaff.status).toBe(200);
    }
  });

  it('to send JSON of great depth', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, tinyPredictions);
    const answer = await ada.call(`POST /submissions/${id}/cancel`, {
      body: '['.repeat(400_000) + ']'.repeat(400_000),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBeLessThan(500);
  });

  it('to send another file, or to another phase, under a key that was used', async () => {
    const slug = await makeCompetition(course);
    const later = { slug: 'later', title: 'Later' };
    await course.instructor.json(`POST /competitions/${slug}/phases`, later);
    await course.instructor.upload(`PUT /competitions/${slug}/answer-key?phase=later`, tinyKey);
    const post = async (query: string, body: string) =>
      await ada.call(`POST /competitions/${slug}/submissions?filename=a.csv${query}`, {
        body,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'always the same' },
      });
    expect((await post('&phase=main', tinyPredictions)).status).toBe(202);
    expect((await post('&phase=main', tinyPredictions)).status).toBe(202);
    expect((await post('&phase=later', tinyPredictions)).problem().type).toBe('conflict');
    expect((await post('&phase=main', perfect)).problem().type).toBe('conflict');
  });

  it('to get past limits, or onto the board, as former or future staff', async () => {
    const slug = await makeCompetition(course, { settings: { dailyLimit: 1 } });
    const eve = await course.add('ta');
    const become = async (role: string) =>
      await course.instructor.json(`POST /courses/${course.slug}/members`, { email: eve.email, name: eve.name, role });
    const submit = async () => await eve.upload(`POST /competitions/${slug}/submissions`, perfect);
    for (let i = 0; i < 2; i++) expect((await submit()).status).toBe(202);
    // What was tried as staff, with private scores in sight, does not count; what comes from now on does.
    await become('student');
    const counted = await eve.submit(slug, tinyPredictions);
    await eve.finished(counted.id);
    expect((await submit()).status).toBe(429);
    await expect
      .poll(async () => Leaderboard.parse((await board(eve, slug)).body).me)
      .toMatchObject({ rank: 1, value: 0.5 });
    // And the other way round: staff add nothing to the board, and find their old team again as students.
    await become('ta');
    await eve.finished((await eve.submit(slug, perfect)).id);
    await become('student');
    expect((await submit()).status).toBe(429);
    expect(Leaderboard.parse((await board(eve, slug)).body)).toMatchObject({ teams: 1, me: { value: 0.5 } });
  });

  it('to keep everybody else from checking', async () => {
    const slug = await makeCompetition(course);
    const slow = slowGzip(224);
    const call = `POST /competitions/${slug}/check`;
    const flood = Array.from({ length: 12 }, async () => await ada.upload(call, slow));
    expect((await Promise.race(flood)).status).toBe(429);
    expect((await ben.upload(call, tinyPredictions)).body).toMatchObject({ valid: true });
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect(await readdir(join(system.dataDir, 'incoming'))).toEqual([]);
    expect((await ada.upload(call, tinyPredictions)).status).toBe(200);
  });

  it('to fill the disk with what is not taken', async () => {
    const slug = await makeCompetition(course, { settings: { totalLimit: 1 } });
    const call = `POST /competitions/${slug}/submissions`;
    const file = (index: number) => `${tinyPredictions}${'\n'.repeat(index)}`;
    await ben.submit(slug, tinyPredictions);
    const before = await blobs();
    const twoFiles = new FormData();
    for (const index of [1, 2]) twoFiles.append('file', new Blob([file(index)]), 'p.csv');
    expect((await ada.call(call, { body: twoFiles })).status).toBe(400);
    const first = await ada.call(call, { body: form(file(3)), headers: { 'idempotency-key': 'k' } });
    expect(first.status).toBe(202);
    const same = await ada.call(call, { body: form(file(3)), headers: { 'idempotency-key': 'k' } });
    expect(same.status).toBe(202);
    const other = await ada.call(call, { body: form(file(4)), headers: { 'idempotency-key': 'k' } });
    expect(other.status).toBe(409);
    expect((await ada.upload(call, file(5))).status).toBe(429);
    expect((await blobs()).length).toBe(before.length + 1);
    expect(await readdir(join(system.dataDir, 'incoming'))).toEqual([]);
  });

  it('to send files without end that are not charged', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    const { phaseId, teamId, userId } = await system.db.prisma.submission.findUniqueOrThrow({ where: { id } });
    const spoiled = { phaseId, teamId, userId, fileName: 'a', fileHash: 'b', fileBytes: 1, priority: 1 };
    const now = new Date();
    await system.db.prisma.submission.createMany({
      data: Array.from({ length: 100 }, (_, index) => ({
        ...spoiled,
        receivedAt: now,
        finishedAt: now,
        state: (['rejected', 'cancelled', 'failed'] as const)[index % 3] ?? 'failed',
      })),
    });
    const refused = await ada.upload(`POST /competitions/${slug}/submissions`, tinyPredictions);
    expect(refused.problem()).toMatchObject({ type: 'limit-reached' });
    expect(refused.problem().detail).toContain('100 files');
    expect((await ben.upload(`POST /competitions/${slug}/submissions`, tinyPredictions)).status).toBe(202);
  });

  it('to keep the api busy with looking through code', async () => {
    const slug = await makeCompetition(course, { settings: { accepts: ['notebook'] } });
    const keys = Array.from({ length: 300_000 }, (_, index) => `"k${index}":1`).join(',');
    const costly = tinyNotebook.replace('"metadata":{}', `"metadata":{${keys}}`);
    const zip = makeZip([{ name: 'main.ipynb', content: costly }]);
    const send = async (who: Person, content: string | Uint8Array<ArrayBuffer>, name: string) =>
      (await who.upload(`POST /competitions/${slug}/submissions`, content, name)).status;
    const sent = Promise.all(Array.from({ length: 24 }, async () => await send(ada, zip, 'a.zip')));
    expect(await send(ben, tinyNotebook, 'a.ipynb')).toBe(202);
    const statuses = await sent;
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(4);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
  });

  it('to go on hearing private scores after a role was taken away', async () => {
    const slug = await makeCompetition(course);
    const eve = await course.add('ta');
    await system.pauseWorkers();
    const { id } = await ada.submit(slug, perfect);
    const stream = await fetch(`${system.url}/api/v1/submissions/${id}/events`, {
      headers: { authorization: `Bearer ${eve.token}` },
      signal: AbortSignal.timeout(10_000),
    });
    expect(stream.status).toBe(200);
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${eve.id}`);
    // It ends, rather than wait for the verdict.
    expect(await stream.text()).toContain('"state":"queued"');
    await system.startWorker();
    await ada.finished(id);
  });

  const blobs = async () => {
    const found = await readdir(join(system.dataDir, 'blobs'), { recursive: true });
    return found.filter((name) => name.includes('/'));
  };
  const form = (content: string) => {
    const made = new FormData();
    made.append('file', new Blob([content]), 'p.csv');
    return made;
  };
});
