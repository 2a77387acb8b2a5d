import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { KaggleError, kaggleGetLeaderboard, kaggleListTeamPublicSubmissions } from '../../core/contract/kaggle.ts';
import { callOf, kaggleEndpoints } from '../support/endpoints.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { kaggleCall, mustSubmit } from '../support/kaggle.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const Board = kaggleGetLeaderboard.schema.response[200];
const Team = kaggleListTeamPublicSubmissions.schema.response[200];

/** Right on all of the public board, on half of the private one. */
const better = 'id,label\na,0\nb,1\nc,2\nd,0\n';

describe('boards for the kaggle command, and what it tells of others', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;
  let slug: string;
  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
    slug = await makeCompetition(course);
    await ada.finished(await mustSubmit(ada, slug, tinyPredictions));
    await ada.finished(await mustSubmit(ada, slug, better, { message: 'better' }));
    await ben.finished(await mustSubmit(ben, slug, tinyPredictions));
  });
  afterAll(async () => await system.stop());

  const board = async (person: Person, more: object = {}) => {
    const answer = await kaggleCall(person, 'GetLeaderboard', { competitionName: slug, ...more });
    expect(answer.status, answer.text).toBe(200);
    return Board.parse(answer.body);
  };
  const team = async (person: Person, teamId: number) =>
    await kaggleCall(person, 'ListTeamPublicSubmissions', { teamId });

  it('shows pseudonyms and scores, best first, and no time; staff see times', async () => {
    const { submissions } = await board(ben);
    expect(submissions).toEqual([
      { teamId: expect.any(Number), teamName: expect.stringMatching(/^\w+ \w+/), score: '1' },
      { teamId: expect.any(Number), teamName: expect.stringMatching(/^\w+ \w+/), score: '0.5' },
    ]);
    const first = await board(ben, { pageSize: 1 });
    expect([first.submissions.length, first.nextPageToken]).toEqual([1, '1']);
    const last = await board(ben, { pageSize: 1, pageToken: '1' });
    expect([last.submissions, last.nextPageToken]).toEqual([submissions.slice(1), '']);
    expect((await board(course.ta)).submissions[0]?.submissionDate).toMatch(/Z$/);
  });

  it('lists a team’s own submissions, and of another what the board shows', async () => {
    const [first] = (await board(ben)).submissions;
    const teamId = first?.teamId ?? 0;
    const mine = Team.parse((await team(ada, teamId)).body).submissions;
    expect(mine.map(({ publicScore, dateSubmitted }) => [publicScore, typeof dateSubmitted])).toEqual([
      ['1', 'string'],
      ['0.5', 'string'],
    ]);
    expect((await team(ben, teamId)).body).toEqual({ submissions: [{ id: 1, publicScore: '1' }] });
    expect((await team(course.ta, teamId)).body).toEqual({ submissions: mine });
    for (const wrong of [0, -1, 1.5, 11, teamId + 1, 2 ** 53])
      expect((await team(ada, wrong)).status, `${wrong}`).toBeGreaterThan(399);
  });

  it('sends the board as CSV in a zip', async () => {
    const rows = async (person: Person) => {
      const answer = await fetch(`${system.url}/api/v1/competitions.CompetitionApiService/DownloadLeaderboard`, {
        method: 'POST',
        body: JSON.stringify({ competitionName: slug }),
        headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      });
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      const zip = await fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
      const [entry] = await Array.fromAsync(zip.eachEntry());
      if (!entry) throw new Error('the zip is empty');
      expect(entry.fileName).toBe(`${slug}-public-leaderboard.csv`);
      const parts = await Array.fromAsync(await zip.openReadStreamPromise(entry));
      return Buffer.concat(parts.map((part) => Buffer.from(part)))
        .toString()
        .trim()
        .split('\r\n');
    };
    const [header, best] = await rows(ben);
    expect(header).toBe('Rank,TeamId,TeamName,Score');
    expect(best).toMatch(/^1,\d+,\w+ \w+( \d+)?,1$/);
    expect((await rows(course.ta))[0]).toBe('Rank,TeamId,TeamName,LastSubmissionDate,Score');
  });

  it('hides a small board where the competition does not show it', async () => {
    const small = await makeCompetition(course, { settings: { showSmallBoards: false } });
    await ada.finished(await mustSubmit(ada, small, tinyPredictions));
    for (const method of ['GetLeaderboard', 'DownloadLeaderboard']) {
      const answer = await kaggleCall(ben, method, { competitionName: small });
      expect(answer.body).toEqual({ code: 403, message: expect.stringContaining('once 5 teams are on it') });
    }
    expect((await kaggleCall(ada, 'GetCompetition', { competitionName: small })).body).toMatchObject({
      teamCount: 0,
      userHasEntered: true,
    });
  });

  it('tells of competitions what the list needs', async () => {
    const answer = await kaggleCall(ada, 'GetCompetition', { competitionName: slug });
    expect(answer.body).toMatchObject({
      ref: `${system.url}/competitions/${slug}`,
      title: 'A competition',
      organizationName: 'A course',
      deadline: expect.stringMatching(/Z$/),
      teamCount: 2,
      userHasEntered: true,
      userRank: 1,
      evaluationMetric: 'top1',
      submissionsDisabled: false,
    });
    const list = async (body: object) => (await kaggleCall(ada, 'ListCompetitions', body)).text;
    expect(await list({ search: slug.toUpperCase() })).toContain(slug);
    expect(await list({ search: 'nothing like it' })).toBe('{"competitions":[],"nextPageToken":""}');
    const untouched = await makeCompetition(course);
    expect(await list({ group: 'entered' })).toContain(slug);
    expect(await list({ group: 'entered' })).not.toContain(untouched);
    expect(await list({ pageSize: 1 })).toMatch(/"nextPageToken":"1"}$/);
  });

  it('has pages of rules, evaluation and data', async () => {
    const all = await kaggleCall(ada, 'ListCompetitionPages', { competitionName: slug });
    for (const text of ['Ranked by top1.', 'Due ', 'test.csv', 'data-description']) expect(all.text).toContain(text);
    const rules = await kaggleCall(ada, 'ListCompetitionPages', { competitionName: slug, pageName: 'rules' });
    expect(rules.body).toEqual({ pages: [{ name: 'rules', content: expect.stringContaining('No limit') }] });
  });

  /** Requests that name what is Ada’s, and nonsense. */
  const bodies = (ref: number, teamId: number): unknown[] => [
    {},
    { competitionName: slug },
    { competitionName: slug, pageSize: 1000, ref, teamId, fileName: 'test.csv', blobFileTokens: 'x', token: ben.token },
    { competitionName: `../${slug}`, ref: 2 ** 40, teamId: 2 ** 40, pageToken: '-1', pageSize: -5 },
    { competitionName: "'; drop table team; --", ref: 1.5, teamId: 'x', blobFileTokens: ['a'], fileName: '\u0000' },
    { competitionName: 'a'.repeat(600), ref: null, teamId: null, page: 1e9, search: 'x'.repeat(501) },
    [],
  ];

  /** All that a person is answered, by endpoint. */
  async function walk(person: Person): Promise<[string, number, string][]> {
    const ref = (await system.db.prisma.submission.findFirstOrThrow({ where: { userId: ada.id } })).id;
    const teamId = (await board(person)).submissions[0]?.teamId ?? 0;
    const answers: [string, number, string][] = [];
    for (const endpoint of kaggleEndpoints) {
      for (const parameters of [
        { slug, token: 'x', name: 'test.csv' },
        { slug, token: '1.99999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', name: 'test.csv' },
        { slug: '%00', token: '%2f', name: '..%2f' },
      ]) {
        for (const body of endpoint.method === 'POST' ? bodies(ref, teamId) : [undefined]) {
          const answer = await person.call(callOf(endpoint, parameters), {
            ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
          });
          const headers = JSON.stringify([...answer.headers]);
          answers.push([endpoint.schema.operationId, answer.status, `${headers}\n${answer.text}`]);
          if (answer.status >= 400) expect(KaggleError.parse(answer.body).code).toBe(answer.status);
          expect(answer.text, endpoint.url).not.toMatch(/node_modules|at .*\.ts:\d|prisma|syntax error/i);
        }
      }
    }
    return answers;
  }

  it('never breaks, whatever it is sent, and tells a student nothing of a classmate', async () => {
    // At a time that nothing else has.
    const receivedAt = new Date(Date.now() - 4_000_000);
    await system.db.prisma.submission.updateMany({ where: { userId: ada.id }, data: { receivedAt } });
    const secrets = [ada.name, ada.email, receivedAt.toISOString(), receivedAt.toISOString().slice(0, 19)];
    for (const [operation, status, text] of await walk(ben)) {
      expect(status, `${operation}: ${text}`).toBeLessThan(500);
      for (const secret of secrets) expect(text.includes(secret), `${operation} tells ${secret}: ${text}`).toBe(false);
    }
    const mine = (await walk(ada)).map(([, , text]) => text).join('\n');
    expect(mine).toContain(ada.email);
  });

  it('names a team by nothing but its pseudonym', async () => {
    const { id } = await system.db.prisma.competition.findUniqueOrThrow({ where: { slug } });
    for (const { teamId, teamName } of (await board(ben)).submissions) {
      const digest = createHash('sha256').update(`${id}\n${teamName}`).digest();
      expect(teamId).toBe(id * 2 ** 32 + digest.readUInt32BE(0));
    }
  });

  it('shows the private board and private scores once they are revealed', async () => {
    const scores = async () =>
      Object(Object(await kaggleCall(ada, 'ListSubmissions', { competitionName: slug })).body).submissions[0]
        .privateScore;
    expect(await scores()).toBe('');
    const [opensAt, dueAt] = [2 * hourMs, hourMs].map((agoMs) => new Date(Date.now() - agoMs).toISOString());
    const closed = await course.instructor.json(`PATCH /competitions/${slug}`, { opensAt, dueAt, revealAt: dueAt });
    expect(closed.status).toBe(200);
    expect((await board(ben)).submissions.map(({ score }) => score)).toEqual(['0.5', '0.5']);
    expect(await scores()).toBe('0.5');
  });
});
