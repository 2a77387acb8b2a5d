import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeGraded, midtermScheme as scheme, rightOn, type GradedCompetition } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

const scoreOnly = { performance: scheme.performance };

describe('grades', () => {
  let system: System;
  let course: TestCourse;
  let graded: GradedCompetition;
  let [ada, ben, cleo, dan]: Person[] = [];
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 4 });
    [ada, ben, cleo, dan] = course.students;
    graded = await makeGraded(course);
  });

  const one = (person: Person | undefined): Person => {
    if (!person) throw new Error('four students are needed');
    return person;
  };
  const url = (rest: string) => `/competitions/${graded.slug}${rest}`;
  const joinTeamOf = async (person: Person, joining: Person) => {
    const { prisma } = system.db;
    const team = { competitionId: (await prisma.competition.findFirstOrThrow({ where: { slug: graded.slug } })).id };
    const { teamId } = await prisma.teamMember.findFirstOrThrow({ where: { ...team, userId: person.id } });
    await prisma.teamMember.create({ data: { ...team, teamId, userId: joining.id } });
  };

  it('are there for every student of the course: by the team’s private score and rank, and a zero without a submission', async () => {
    await graded.submit(one(ada), 9);
    await graded.submit(one(cleo), 5);
    await graded.submit(one(cleo), 6);
    await joinTeamOf(one(ada), one(ben));
    await course.instructor.upload(`POST ${url('/baselines?name=A+line')}`, rightOn(10));
    await graded.submit(course.ta, 10);
    await graded.setScheme(scheme);

    const book = await graded.gradebook();
    const points = (person: Person | undefined) => book.rows.find(({ userId }) => userId === person?.id)?.grade.points;
    expect(book.rows).toHaveLength(4);
    expect([ada, ben, cleo, dan].map(points)).toEqual([45, 45, 32, 0]);
    expect(await graded.rowOf(one(dan))).toMatchObject({ missing: true, team: null, submissionId: null, unmarked: [] });
    expect(await graded.rowOf(one(ada))).toMatchObject({ missing: false, unmarked: ['report'] });
    expect(book).toMatchObject({ most: 55, revealed: false, waiting: 0, version: 1 });
    expect(book.summary).toMatchObject({ students: 4, missing: 1, mean: 40.67, quartiles: [32, 38.5, 45, 45, 45] });
    expect(book.summary.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('follow what counts: the best or the last submission, and none that is disqualified', async () => {
    const better = await graded.submit(one(ada), 8);
    const last = await graded.submit(one(ada), 4);
    await graded.setScheme({ performance: scheme.performance });
    const row = async () => {
      const { submissionId, grade } = await graded.rowOf(one(ada));
      return [submissionId, grade.points];
    };
    expect(await row()).toEqual([better, 40]);
    await course.instructor.json(`PATCH ${url('')}`, { counts: 'last' });
    expect(await row()).toEqual([last, 20]);
    await course.instructor.json(`PATCH ${url('')}`, { counts: 'best' });
    await course.ta.json(`POST /submissions/${better}/disqualify`, { reason: 'Copied.' });
    expect(await row()).toEqual([last, 20]);
    await course.ta.json(`POST /submissions/${last}/disqualify`, { reason: 'Copied.' });
    expect(await row()).toEqual([null, 0]);
    await course.ta.call(`POST /submissions/${better}/restore`);
    expect(await row()).toEqual([better, 40]);
  });

  it('give the bonus by the final standing that students see, until staff freeze it anew', async () => {
    const copied = await graded.submit(one(ada), 9);
    await graded.submit(one(ben), 7);
    await graded.setScheme({ ...scoreOnly, bonus: scheme.bonus });
    await graded.close();
    await until(
      'the final standing',
      120_000,
      async () => (await course.ta.call(`GET ${url('/final.csv')}`)).status === 200,
    );
    const points = async () => (await graded.rowOf(one(ben))).grade.points;
    await course.ta.json(`POST /submissions/${copied}/disqualify`, { reason: 'Copied.' });
    expect(await points()).toBe(37);
    expect((await graded.rowOf(one(ada))).grade.points).toBe(0);
    const anew = await course.instructor.json(`POST ${url('/final')}`, { reason: 'One was a copy.' });
    expect(anew.status, anew.text).toBe(201);
    expect(await points()).toBe(40);
  });

  it('can’t be made before there is a scheme', async () => {
    const answer = await course.ta.call(`GET ${url('/grades')}`);
    expect(answer.status).toBe(409);
    expect(answer.problem().detail).toMatch(/no grade scheme yet. An instructor sets it first/);
    const none = await course.ta.call(`GET ${url('/grade-scheme')}`);
    expect(none.body).toEqual({ phase: 'main', version: 0, scheme: null });
  });

  describe('the scheme', () => {
    it('is replaced by who has seen the one in force, and by nobody else', async () => {
      expect((await graded.setScheme(scheme)).body).toMatchObject({ version: 1 });
      expect((await graded.setScheme(scoreOnly)).status).toBe(409);
      expect((await graded.setScheme(scoreOnly, 1)).body).toMatchObject({ version: 2 });
      const clash = await graded.setScheme(scheme, 1);
      expect(clash.problem().detail).toMatch(/Read it again/);
      expect((await graded.gradebook()).scheme.rubric).toEqual([]);
    });

    it('is refused with the place and the remedy', async () => {
      const wrong = {
        performance: {
          anchors: [
            { name: 'a', score: 0.5, points: 4 },
            { name: 'b', score: 0.4, points: 5 },
          ],
        },
      };
      const answer = await graded.setScheme(wrong);
      expect(answer.status).toBe(400);
      expect(answer.problem().errors).toMatchObject([
        {
          path: expect.stringContaining('performance.anchors.1.score'),
          message: expect.stringContaining('higher than the 0.5'),
        },
      ]);
      const lower = await graded.setScheme({
        performance: { ...scheme.performance, better: 'lower', anchors: scheme.performance.anchors.slice(1) },
      });
      expect(lower.status).toBe(400);
      expect(lower.text).toContain('must be \\"higher\\"');
      expect((await graded.setScheme({ ...scheme, bonuses: [] })).status).toBe(400);
    });
  });

  describe('what is graded by hand', () => {
    beforeEach(async () => {
      await graded.submit(one(ada), 4);
      await graded.setScheme(scheme);
    });

    it('counts with its comment; a second opinion of somebody else counts in its place, and both stay', async () => {
      const first = { marks: [{ item: 'report', points: 6, comment: 'Too short.' }] };
      expect((await graded.mark(course.ta, one(ada), { ...first, second: true })).problem().detail).toMatch(
        /no first opinion/,
      );
      expect((await graded.mark(course.ta, one(ada), first)).status).toBe(200);
      expect((await graded.rowOf(one(ada))).grade.points).toBe(31);
      expect((await graded.mark(course.ta, one(ada), { ...first, second: true })).problem().detail).toMatch(/is yours/);

      const second = { marks: [{ item: 'report', points: 8.5, comment: 'Short, and complete.' }], second: true };
      expect((await graded.mark(course.instructor, one(ada), second)).status).toBe(200);
      const row = await graded.rowOf(one(ada));
      expect(row.grade.points).toBe(33.5);
      expect(row.grade.lines.at(-1)).toMatchObject({ points: 8.5, of: 10, because: 'Short, and complete.' });
      expect(row.marks.map(({ points, second: isSecond, grader }) => [points, isSecond, grader.userId])).toEqual([
        [6, false, course.ta.id],
        [8.5, true, course.instructor.id],
      ]);
      expect(row.unmarked).toEqual([]);
    });

    it('is kept whole or not at all, and says what is wrong', async () => {
      const bad = await graded.mark(course.ta, one(ada), {
        marks: [
          { item: 'report', points: 5 },
          { item: 'code', points: 5 },
          { item: 'report', points: 11 },
        ],
      });
      expect(bad.status).toBe(400);
      expect(bad.problem().errors).toEqual([
        { path: 'body.marks.1.item', message: 'the rubric has no item "code"; it has report' },
        { path: 'body.marks.2.item', message: '"report" is marked twice' },
      ]);
      const tooMany = await graded.mark(course.ta, one(ada), { marks: [{ item: 'report', points: 10.01 }] });
      expect(tooMany.problem().detail).toContain('at most 10');
      expect((await graded.mark(course.ta, one(ada), { marks: [{ item: 'report', points: -1 }] })).status).toBe(400);
      expect((await graded.mark(course.ta, course.instructor, { marks: [{ item: 'report', points: 1 }] })).status).toBe(
        404,
      );
      expect((await graded.rowOf(one(ada))).marks).toEqual([]);
    });

    it('is given to the whole team at once where that is said, and to nobody else', async () => {
      await joinTeamOf(one(ada), one(ben));
      await graded.mark(course.ta, one(ben), { marks: [{ item: 'report', points: 9 }], wholeTeam: true });
      const points = (await graded.gradebook()).rows.map(({ userId, grade }) => [userId, grade.points]);
      expect(new Map(points.map(([id, value]) => [id, value]))).toEqual(
        new Map([
          [one(ada).id, 34],
          [one(ben).id, 34],
          [one(cleo).id, 0],
          [one(dan).id, 0],
        ]),
      );
    });
  });

  it('are what the staff set, with the reason, until they are computed again', async () => {
    await graded.submit(one(ada), 4);
    await graded.setScheme(scheme);
    const call = url(`/grades/${one(ada).id}/override`);
    const reason = 'Agreed after the server was down.';
    expect((await course.instructor.json(`PUT ${call}`, { points: 48.5, reason })).status).toBe(204);
    const row = await graded.rowOf(one(ada));
    expect(row).toMatchObject({ grade: { points: 48.5 }, override: { points: 48.5, reason }, unmarked: [] });
    expect(row.grade.lines.at(-1)).toMatchObject({ kind: 'override', because: reason, points: 23.5 });

    expect((await course.instructor.json(`PUT ${call}`, { points: 56, reason })).problem().detail).toMatch(
      /at most 55/,
    );
    expect((await course.instructor.json(`PUT ${call}`, { points: 5, reason: ' ' })).status).toBe(400);
    expect((await course.instructor.call(`DELETE ${call}`)).status).toBe(204);
    expect((await course.instructor.call(`DELETE ${call}`)).status).toBe(404);
    expect((await graded.rowOf(one(ada))).grade.points).toBe(25);
  });
});
