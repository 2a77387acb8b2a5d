import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeGraded, rightOn, type GradedCompetition } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

/** Half of the points at 0.4, all at 0.8, five for the first and two for the second, and ten for a report. */
const scheme = {
  performance: {
    anchors: [
      { name: 'baseline', score: 0.4, points: 20 },
      { name: 'target', score: 0.8, points: 40 },
    ],
  },
  bonus: [
    { top: 1, points: 5 },
    { top: 2, points: 2 },
  ],
  rubric: [{ id: 'report', title: 'Report', points: 10 }],
};
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
  const mark = async (by: Person, person: Person, body: Record<string, unknown>) =>
    await by.json(`PUT ${url(`/grades/${person.id}/marks`)}`, body);
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
      expect((await mark(course.ta, one(ada), { ...first, second: true })).problem().detail).toMatch(
        /no first opinion/,
      );
      expect((await mark(course.ta, one(ada), first)).status).toBe(200);
      expect((await graded.rowOf(one(ada))).grade.points).toBe(31);
      expect((await mark(course.ta, one(ada), { ...first, second: true })).problem().detail).toMatch(/is yours/);

      const second = { marks: [{ item: 'report', points: 8.5, comment: 'Short, and complete.' }], second: true };
      expect((await mark(course.instructor, one(ada), second)).status).toBe(200);
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
      const bad = await mark(course.ta, one(ada), {
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
      const tooMany = await mark(course.ta, one(ada), { marks: [{ item: 'report', points: 10.01 }] });
      expect(tooMany.problem().detail).toContain('at most 10');
      expect((await mark(course.ta, one(ada), { marks: [{ item: 'report', points: -1 }] })).status).toBe(400);
      expect((await mark(course.ta, course.instructor, { marks: [{ item: 'report', points: 1 }] })).status).toBe(404);
      expect((await graded.rowOf(one(ada))).marks).toEqual([]);
    });

    it('is given to the whole team at once where that is said, and to nobody else', async () => {
      await joinTeamOf(one(ada), one(ben));
      await mark(course.ta, one(ben), { marks: [{ item: 'report', points: 9 }], wholeTeam: true });
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

  describe('released', () => {
    it('are not before the private scores are revealed, nor by a TA', async () => {
      await graded.submit(one(ada), 9);
      await graded.setScheme(scoreOnly);
      expect((await graded.release()).problem().detail).toMatch(
        /not revealed yet. Release the grades after the reveal/,
      );
      expect((await graded.mine(one(ada))).released).toBeNull();
      await graded.close();
      expect((await course.ta.json(`POST ${url('/grades/release')}`, {})).status).toBe(403);
      expect((await graded.release()).body).toEqual({ released: 4, unchanged: 0 });
      expect((await graded.mine(one(ada))).released?.grade).toEqual((await graded.rowOf(one(ada))).grade);
    });

    it('need everything to be graded, unless it is said otherwise', async () => {
      await graded.submit(one(ada), 9);
      await graded.setScheme(scheme);
      await system.pauseWorkers();
      await one(ben).submit(graded.slug, rightOn(3));
      await graded.close();
      const refused = await graded.release();
      expect(refused.status).toBe(409);
      expect(refused.problem().detail).toMatch(
        /1 submissions still wait or run.*not graded yet for 1 students, such as Secretname/,
      );
      expect((await graded.mine(one(ada))).released).toBeNull();
      expect((await graded.release({ incomplete: true })).body).toEqual({ released: 4, unchanged: 0 });
      await system.startWorker();
    });

    it('stay as they are until they are released anew, and doing it twice changes nothing', async () => {
      await graded.submit(one(ada), 6);
      await graded.submit(one(ben), 4);
      await graded.setScheme(scoreOnly);
      await graded.close();
      await graded.release();
      const before = await graded.mine(one(ada));
      expect(before.released?.grade.points).toBe(30);
      expect((await graded.release()).body).toEqual({ released: 0, unchanged: 4 });
      expect(await graded.mine(one(ada))).toEqual(before);

      const anchors = [{ name: 'target', score: 0.6, points: 40 }];
      await graded.setScheme({ performance: { below: 20, anchors } }, 1);
      expect(await graded.mine(one(ada))).toEqual(before);
      expect(await graded.rowOf(one(ada))).toMatchObject({ grade: { points: 40 }, released: { differs: true } });
      expect((await graded.rowOf(one(dan))).released?.differs).toBe(false);
      expect((await graded.release()).body).toEqual({ released: 2, unchanged: 2 });
      expect((await graded.mine(one(ada))).released?.grade.points).toBe(40);
    });

    it('are those of the students that were named, and can be taken back', async () => {
      await graded.setScheme(scoreOnly);
      await graded.close();
      expect((await graded.release({ students: [one(ada).id, course.ta.id] })).problem().errors).toEqual([
        { path: 'body.students.1', message: `no student of the course has the id ${course.ta.id}` },
      ]);
      expect((await graded.release({ students: [one(ada).id, one(ben).id] })).body).toEqual({
        released: 2,
        unchanged: 0,
      });
      expect((await graded.mine(one(cleo))).released).toBeNull();
      const withdraw = async (body: unknown) =>
        (await course.instructor.json(`POST ${url('/grades/withdraw')}`, body)).body;
      expect(await withdraw({ students: [one(ada).id] })).toEqual({ withdrawn: 1 });
      expect((await graded.mine(one(ada))).released).toBeNull();
      expect((await graded.mine(one(ben))).released).not.toBeNull();
      expect(await withdraw({})).toEqual({ withdrawn: 1 });
      expect(await withdraw({})).toEqual({ withdrawn: 0 });
    });

    it('tell a student their own grade only, and nothing of who graded it', async () => {
      await graded.submit(one(ada), 9);
      await graded.setScheme(scheme);
      await mark(course.ta, one(ada), { marks: [{ item: 'report', points: 6, comment: 'Too short.' }] });
      await graded.close();
      await graded.release();
      const { text } = await one(ada).call(`GET ${url('/my-grade')}`);
      expect(text).toContain('Too short.');
      for (const person of [course.ta, course.instructor, ...course.students]) expect(text).not.toContain(person.name);
      expect((await one(ben).call(`GET ${url('/my-grade')}`)).text).not.toContain('Too short.');
    });
  });

  it('of many released at once are each kept once', async () => {
    await graded.setScheme(scoreOnly);
    await graded.close();
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await graded.release()));
    const released = answers.map(({ body }) => JSON.stringify(body));
    expect(released.toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => '{"released":0,"unchanged":4}'),
      '{"released":4,"unchanged":0}',
    ]);
    const log = await course.instructor.call(`GET /courses/${course.slug}/audit?action=releaseGrades`);
    expect(log.body).toMatchObject({ entries: [{ subject: `grades, competition ${graded.slug}, phase main` }] });
  });

  describe('exported', () => {
    let submissionId: number;
    beforeEach(async () => {
      submissionId = await graded.submit(one(ada), 9);
      await graded.setScheme(scheme);
      const { prisma } = system.db;
      const names = ['Ada Lovelace', '=HYPERLINK("http://x")', 'Cleo', 'Dan van Dam'];
      for (const [i, name] of names.entries())
        await prisma.user.update({
          where: { id: one(course.students[i]).id },
          data: { name, email: `s${i}-${graded.slug}@example.edu` },
        });
    });

    const lines = async (query: string) => {
      const answer = await course.ta.call(`GET ${url(`/grades.csv?${query}`)}`);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.csv"$/);
      return answer.text.trimEnd().split('\r\n');
    };
    const mail = (i: number) => `s${i}-${graded.slug}@example.edu`;

    it('hold everybody, a zero for who handed nothing in, and no formula', async () => {
      const [header, ...rows] = await lines('format=plain');
      expect(header).toBe(
        'name,email,student_id,section,team,points,of,performance,bonus,report,late,override,submission,submitted_at',
      );
      expect(rows).toHaveLength(4);
      expect(rows).toContain(`Dan van Dam,${mail(3)},,,,0,50,0,0,0,,,,`);
      expect(rows.find((row) => row.startsWith('Ada'))).toMatch(
        new RegExp(`^Ada Lovelace,${mail(0)},,,[A-Za-z -]+,45,50,40,5,0,,,${submissionId},20\\d\\d-`),
      );
      expect(rows.find((row) => row.includes('HYPERLINK'))).toMatch(/^"'=HYPERLINK\(""http/);
    });

    it('have the columns of Gradescope, Canvas and Blackboard', async () => {
      const gradescope = await lines('format=gradescope');
      expect(gradescope[0]).toBe(
        'First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time,1: Performance (40.0 pts),2: Report (10.0 pts)',
      );
      expect(gradescope).toContain(`Dan van,Dam,,${mail(3)},,0,50,Missing,,,0,0`);
      const canvas = await lines('format=canvas');
      expect(canvas.slice(0, 2)).toEqual([
        'Student,ID,SIS User ID,SIS Login ID,Section,A competition',
        '    Points Possible,,,,,50',
      ]);
      expect(canvas).toContain(`"Lovelace, Ada",,,${mail(0)},,45`);
      const blackboard = await lines('format=blackboard');
      expect(blackboard[0]).toMatch(
        /^Last Name,First Name,Username,Student ID,A competition \[Total Pts: 50 Score\] \|\d+$/,
      );
      expect(blackboard).toContain(`Cleo,,${mail(2)},,0`);
    });

    it('are those that were released where that is asked, with an empty cell for the others', async () => {
      await graded.close();
      await graded.release({ students: [one(ada).id], incomplete: true });
      const canvas = await lines('format=canvas&grades=released');
      expect(canvas).toContain(`"Lovelace, Ada",,,${mail(0)},,45`);
      expect(canvas).toContain(`Cleo,,,${mail(2)},,`);
    });
  });
});
