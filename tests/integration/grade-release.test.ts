import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeGraded, midtermScheme as scheme, rightOn, type GradedCompetition } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const scoreOnly = { performance: scheme.performance };

describe('grades that are told', () => {
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
      await graded.mark(course.ta, one(ada), { marks: [{ item: 'report', points: 6, comment: 'Too short.' }] });
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
