import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { callOf, endpoints } from '../support/endpoints.ts';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { leaveRun } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';

/** Seven private rows, of which the prediction gets three: 3/7 is nowhere else. */
const key = [
  'id,label,Usage',
  ...['p1', 'p2'].map((id) => `${id},1,Public`),
  ...Array.from({ length: 7 }, (_, i) => `s${i},1,Private`),
].join('\n');
const predictions = ['id,label', 'p1,1', 'p2,1', ...Array.from({ length: 7 }, (_, i) => `s${i},${i < 3 ? 1 : 0}`)].join(
  '\n',
);
const privateScore = '0.42857';

describe('what a student can get to see', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;
  let slug: string;
  let submissionId: number;
  let bensSubmissionId: number;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
    slug = await makeCompetition(course, {
      key: `${key}\n`,
      settings: { metrics: ['top1'], classes: ['0', '1'], maxTeamSize: 3 },
    });
    submissionId = (await ada.submit(slug, predictions)).id;
    bensSubmissionId = (await ben.submit(slug, predictions)).id;
    await ada.finished(submissionId);
    await ben.finished(bensSubmissionId);
    await course.instructor.upload(`POST /competitions/${slug}/baselines?name=A+line`, predictions);
    await course.instructor.upload(`POST /competitions/${slug}/files?hidden=true`, 'id,secret-feature\n', 'unseen.csv');
    await leaveRun(system, submissionId, 'what my own program printed');
    await leaveRun(system, bensSubmissionId, 'what the program of ben printed');
    // A team of which ada is not, that invites.
    expect((await ben.call(`POST /competitions/${slug}/team/code`)).status).toBe(200);
    const invitation = { email: 'a-friend@example.edu' };
    expect((await ben.json(`POST /competitions/${slug}/team/invitations`, invitation)).status).toBe(200);
    await system.db.prisma.enrollment.update({
      where: { courseId_userId: { courseId: course.id, userId: ben.id } },
      data: {
        studentId: 'a-secret-id',
        username: 'a-secret-login',
        section: { create: { courseId: course.id, name: 'a-secret-section' } },
      },
    });
  });
  afterAll(async () => await system.stop());

  /** Everything that a call answers with, headers included; of a stream what comes within a moment. */
  async function everything(person: Person, call: string, init?: RequestInit): Promise<string> {
    const [method = 'GET', path = ''] = call.split(' ');
    const cut = new AbortController();
    const response = await fetch(`${system.url}${path}`, {
      ...init,
      method,
      headers: { authorization: `Bearer ${person.token}`, ...init?.headers },
      signal: cut.signal,
    });
    if (path.includes('/events')) setTimeout(() => cut.abort(), 700);
    const decoder = new TextDecoder();
    let text = JSON.stringify([...response.headers]);
    try {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    } catch (error) {
      // A stream is cut off here; anything else would be a failure.
      if (!path.includes('/events')) throw error;
    }
    return text;
  }

  /** Calls every endpoint of the contract as a student, with each variant that could reveal more, and something in the body. */
  async function walk(person: Person): Promise<Map<string, string>> {
    const answers = new Map<string, string>();
    const values = {
      slug,
      course: course.slug,
      name: 'unseen.csv',
      id: submissionId,
      attempt: 1,
      field: 'report',
      code: 'X',
      token: 'x',
    };
    for (const endpoint of endpoints) {
      // Signing out would end the walk, and a removed token too.
      if (endpoint.schema.operationId === 'revokeToken') continue;
      const base = callOf(endpoint, values);
      const variants =
        endpoint.method === 'GET'
          ? [
              base,
              `${base}?board=private`,
              `${base}?limit=2000`,
              base.replace(`/${submissionId}`, `/${bensSubmissionId}`),
            ]
          : [base];
      for (const call of variants) {
        const init =
          endpoint.method === 'GET'
            ? {}
            : { body: predictions, headers: { 'content-type': 'application/octet-stream' } };
        answers.set(call, await everything(person, call, init));
      }
    }
    for (const path of ['/metrics', '/readyz', '/api/openapi.json'])
      answers.set(path, await everything(person, `GET ${path}`));
    return answers;
  }

  it('holds no private score before the reveal, in any endpoint', async () => {
    const answers = await walk(ada);
    expect(answers.size).toBeGreaterThan(40);
    for (const [call, text] of answers) {
      expect(text, call).not.toContain(privateScore);
      expect(text, call).not.toMatch(/"private":\s*\{\s*"top1"/);
    }
    // The walk would find it: staff get it from the same endpoints.
    expect(await everything(course.instructor, `GET /api/v1/submissions/${submissionId}`)).toContain(privateScore);
    expect(await everything(course.instructor, `GET /api/v1/competitions/${slug}/leaderboard?board=private`)).toContain(
      privateScore,
    );
  });

  it('holds no classmate’s name, address or submission, in any endpoint', async () => {
    for (const [call, text] of await walk(ada)) {
      expect(text, call).not.toContain(ben.email);
      expect(text, call).not.toContain(ben.name);
      expect(text, call).not.toMatch(/a-secret-(?:id|login|section)|a-friend@/);
      if (!call.includes('/openapi')) expect(text, call).not.toContain(`"id":${bensSubmissionId},`);
    }
    expect(await everything(course.ta, `GET /api/v1/competitions/${slug}/leaderboard`)).toContain(ben.name);
    expect(await everything(course.ta, `GET /api/v1/courses/${course.slug}/roster.csv`)).toContain('a-secret-section');
  });

  it('holds no label of the answer key, nor its hash', async () => {
    const version =
      (await course.instructor.call(`GET /competitions/${slug}`)).text.match(/"version":"([0-9a-f]{64})"/)?.[1] ?? '';
    expect(version).toHaveLength(64);
    for (const [call, text] of await walk(ada)) {
      expect(text, call).not.toContain(version.slice(0, 16));
      expect(text, call).not.toMatch(/s0,1,Private/);
    }
  });

  it('holds nothing of hidden files, of where code ran, or of what broke there', async () => {
    const answers = await walk(ada);
    for (const [call, text] of answers) {
      expect(text, call).not.toMatch(/unseen\.csv"|secret-feature|a-secret-worker|a secret fault|the program of ben/);
    }
    // The walk would find it: there is a run to be seen, and staff see all of it.
    expect(answers.get(`GET /api/v1/submissions/${submissionId}/runs/1/log`)).toContain('my own program');
    expect(await everything(course.ta, `GET /api/v1/submissions/${submissionId}/runs`)).toMatch(
      /a-secret-worker.*a secret fault/,
    );
    expect(await everything(course.ta, `GET /api/v1/competitions/${slug}`)).toContain('unseen.csv');
    expect(await everything(course.ta, `GET /api/v1/competitions/${slug}/files/unseen.csv`)).toContain(
      'secret-feature',
    );
  });

  it('is not found where it is another team’s', async () => {
    for (const call of [
      'GET /submissions/:id',
      'GET /submissions/:id/file',
      'POST /submissions/:id/cancel',
      'GET /submissions/:id/events',
      'POST /submissions/:id/rerun',
      'GET /submissions/:id/runs',
      'GET /submissions/:id/runs/1/log',
      'GET /submissions/:id/runs/1/output',
      'GET /submissions/:id/runs/1/notebook',
      'GET /submissions/:id/runs/events',
    ]) {
      const answer = await ada.call(call.replace(':id', String(bensSubmissionId)));
      expect(answer.status, call).toBe(404);
      expect(answer.problem().type).toBe('not-found');
    }
  });

  it('is not found for who is not in the course, and before it is published', async () => {
    const stranger = (await makeCourse(system, { students: 1 })).students[0];
    const hidden = await makeCompetition(course, { published: false });
    for (const endpoint of endpoints.filter(({ url }) => url.includes(':slug'))) {
      const init =
        endpoint.method === 'GET' ? {} : { body: 'x', headers: { 'content-type': 'application/octet-stream' } };
      const values = { slug, name: 'test.csv', id: ada.id };
      const foreign = await stranger?.call(callOf(endpoint, values).replace('/api/v1', ''), init);
      const unpublished = await ada.call(callOf(endpoint, { ...values, slug: hidden }).replace('/api/v1', ''), init);
      for (const answer of [foreign, unpublished]) {
        // A query or a body that is wrong is told first; it says nothing about the competition.
        expect([400, 404, 415], `${endpoint.method} ${endpoint.url} ${answer?.text}`).toContain(answer?.status);
      }
    }
  });

  it('holds the private scores after the reveal: the own team’s, and the board', async () => {
    expect((await ada.call(`GET /competitions/${slug}/leaderboard?board=private`)).problem().type).toBe('board-hidden');
    const past = new Date(Date.now() - 1000).toISOString();
    await course.instructor.call(`PATCH /competitions/${slug}`, {
      body: JSON.stringify({ opensAt: new Date(Date.now() - hourMs).toISOString(), dueAt: past }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await everything(ada, `GET /api/v1/submissions/${submissionId}`)).toContain(privateScore);
    const board = Leaderboard.parse((await ada.call(`GET /competitions/${slug}/leaderboard?board=private`)).body);
    expect(board).toMatchObject({ board: 'private', revealed: true, me: { rank: 1 } });
    expect(board.rows[0]?.value).toBe(3 / 7);
    expect(board.rows[0]?.members).toBeUndefined();
  });
});
