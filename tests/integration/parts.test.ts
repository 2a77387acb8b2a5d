import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getParts, Leaderboard } from '../../core/contract/leaderboard.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const parts = [
  { slug: 'simple-cnn', title: 'Part 1: simple CNN' },
  { slug: 'transfer', title: 'Part 3: transfer learning' },
];
const perfect = 'id,label\na,0\nb,1\nc,2\nd,3\n';
const wrong = 'id,label\na,3\nb,3\nc,0\nd,0\n';

describe('the parts of a phase', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2 });
    slug = await makeCompetition(course, { settings: { parts } });
  });
  afterAll(async () => await system.stop());

  function student(index: number): Person {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  }
  const post = async (who: Person, content: string, part?: string, to = slug) =>
    await who.upload(`POST /competitions/${to}/submissions`, content, 'a.csv', part === undefined ? {} : { part });
  const scored = async (who: Person, content: string, part: string) => {
    const answer = await post(who, content, part);
    expect(answer.status, answer.text).toBe(202);
    const { id } = Submission.parse(answer.body);
    await who.finished(id);
    return id;
  };
  const board = async (who: Person, query: string) => await who.call(`GET /competitions/${slug}/leaderboard${query}`);
  const rowsOf = async (query: string) =>
    Leaderboard.parse((await board(course.ta, query)).body).rows.map(({ submissionId, value }) => [
      submissionId,
      value,
    ]);
  const standing = async (who: Person) =>
    getParts.schema.response[200].parse((await who.call(`GET /competitions/${slug}/parts`)).body).parts;

  it('are named by each submission, which nothing is charged for where it names none', async () => {
    const none = (await post(student(0), tinyPredictions)).problem();
    expect([none.type, none.detail]).toEqual([
      'validation-failed',
      'Say which part this is for: send the field "part", or ?part=, with one of: ' +
        'simple-cnn (Part 1: simple CNN), transfer (Part 3: transfer learning).',
    ]);
    expect((await post(student(0), tinyPredictions, 'other')).problem().detail).toMatch(/has no part "other"/);
    const plain = await makeCompetition(course);
    expect((await post(student(0), tinyPredictions, 'transfer', plain)).problem().detail).toMatch(/has no parts/);
    expect(await system.db.prisma.submission.count()).toBe(0);
    // Staff try things out, and a baseline is a line on the board of the phase.
    expect((await post(course.ta, tinyPredictions)).status).toBe(202);
    const raw = await student(1).call(`POST /competitions/${slug}/submissions?filename=a.csv&part=transfer`, {
      body: wrong,
      headers: { 'content-type': 'text/csv' },
    });
    expect(raw.body).toMatchObject({ part: 'transfer' });
    await student(1).finished(Submission.parse(raw.body).id);
  });

  it('have a board each, and a best submission of each team', async () => {
    const simple = await scored(student(0), tinyPredictions, 'simple-cnn');
    const transfer = await scored(student(0), perfect, 'transfer');
    await scored(student(0), wrong, 'transfer');
    const others = await scored(student(1), perfect, 'simple-cnn');
    expect(await rowsOf('?part=simple-cnn')).toEqual([
      [others, 1],
      [simple, 0.5],
    ]);
    expect((await rowsOf('?part=transfer')).map(([, value]) => value)).toEqual([1, 0]);
    expect((await rowsOf('?board=private&part=transfer'))[0]).toEqual([transfer, 1]);
    expect(await rowsOf('')).toEqual([
      [transfer, 1],
      [others, 1],
    ]);
    expect((await board(student(0), '?part=none')).status).toBe(404);
    expect((await board(student(0), '?part=transfer&board=private')).problem().type).toBe('board-hidden');

    expect(await standing(student(0))).toEqual([
      { ...parts[0], public: expect.objectContaining({ rank: 2, value: 0.5 }) },
      { ...parts[1], public: expect.objectContaining({ rank: 1, value: 1 }) },
    ]);
    expect(await standing(course.ta)).toEqual(parts.map((part) => ({ ...part, public: null })));
    // The rule of the phase holds in its parts, and what is disqualified is on no board of theirs.
    await course.ta.json(`POST /submissions/${transfer}/disqualify`, { reason: 'No.' });
    expect((await standing(student(0)))[1]?.public).toMatchObject({ value: 0 });
    await course.ta.call(`POST /submissions/${transfer}/restore`);
    await course.instructor.json(`PATCH /competitions/${slug}`, { counts: 'last' });
    expect((await standing(student(0)))[1]?.public).toMatchObject({ value: 0 });
    await course.instructor.json(`PATCH /competitions/${slug}`, { counts: 'best' });
  });

  it('stay while there is something for them, under whatever title', async () => {
    const edit = async (next: unknown) => await course.instructor.json(`PATCH /competitions/${slug}`, { parts: next });
    const lost = (await edit([parts[1]])).problem();
    expect([lost.type, lost.detail]).toEqual([
      'conflict',
      'There are submissions for the part "simple-cnn", so it can’t be taken away. Its title can be changed.',
    ]);
    expect((await edit([parts[0], parts[0]])).status).toBe(400);
    const renamed = [{ slug: 'simple-cnn', title: 'Part 1' }, ...parts.slice(1), { slug: 'deeper', title: 'Part 2' }];
    expect((await edit(renamed)).body).toMatchObject({ phases: [{ parts: renamed }] });
  });

  it('have private scores after the reveal', async () => {
    await course.instructor.json(`PATCH /competitions/${slug}`, {
      opensAt: new Date(Date.now() - hourMs).toISOString(),
      dueAt: new Date(Date.now() - 60_000).toISOString(),
    });
    expect((await standing(student(0)))[0]?.private).toMatchObject({ rank: 2, value: 0.5 });
  });
});
