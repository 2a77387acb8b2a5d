import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listLateDays } from '../../core/contract/dates.ts';
import { hourMs } from '../support/competitions.ts';
import { makeGraded } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the late days of a course', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 2 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
  });

  const edit = async (path: string, change: object) => {
    const answer = await course.instructor.json(`PATCH ${path}`, change);
    expect(answer.status, answer.text).toBe(200);
  };

  /** A competition with the bank in which Ada is late by so many hours. @returns its slug */
  async function lateBy(hours: number): Promise<string> {
    const graded = await makeGraded(course);
    const id = await graded.submit(ada, 8);
    const { receivedAt } = await system.db.prisma.submission.findUniqueOrThrow({ where: { id } });
    const at = (ms: number) => new Date(ms).toISOString();
    const dueMs = receivedAt.getTime() - hours * hourMs;
    await edit(`/competitions/${graded.slug}`, {
      opensAt: at(dueMs - hourMs),
      dueAt: at(dueMs),
      lateUntil: at(receivedAt.getTime() + hourMs),
      latePolicy: { kind: 'bank' },
    });
    return graded.slug;
  }

  const read = async () =>
    listLateDays.schema.response[200].parse((await course.ta.call(`GET /courses/${course.slug}/late-days`)).body);
  const hers = async () => (await read()).students.find(({ userId }) => userId === ada.id);

  it('are all there as long as nobody is late, for every student who is in the course', async () => {
    await edit(`/courses/${course.slug}`, { lateBankDays: 4 });
    const { bankDays, phases, students } = await read();
    expect([bankDays, phases]).toEqual([4, 0]);
    expect(students.map(({ used, left, uses }) => [used, left, uses])).toEqual([
      [0, 4, []],
      [0, 4, []],
    ]);
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${ada.id}`);
    expect((await read()).students).toHaveLength(1);
  });

  it('are taken in the order of the due times, and never more than there are', async () => {
    await edit(`/courses/${course.slug}`, { lateBankDays: 3 });
    const later = await lateBy(25);
    const earlier = await lateBy(40);
    expect(await hers()).toMatchObject({
      used: 3,
      left: 0,
      uses: [
        { competition: earlier, daysLate: 2, fromBank: 2 },
        { competition: later, daysLate: 2, fromBank: 1 },
      ],
    });
    expect((await read()).phases).toBe(2);
    // Nothing is stored: with more days they are covered, and with an accommodation she is not late at all.
    await edit(`/courses/${course.slug}`, { lateBankDays: 5 });
    expect(await hers()).toMatchObject({ used: 4, left: 1 });
    await course.instructor.json(`PUT /courses/${course.slug}/accommodations/${ada.id}`, {
      extraDays: 2,
      reason: 'A letter.',
    });
    expect(await hers()).toMatchObject({ used: 0, left: 5, uses: [] });
  });
});
