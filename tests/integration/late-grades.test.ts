import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Extension } from '../../core/contract/dates.ts';
import { makeGraded, type GradedCompetition } from '../support/graded.ts';
import { hourMs } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const minuteMs = hourMs / 60;
/** Forty points for a score of 0.8. */
const scheme = { performance: { anchors: [{ name: 'target', score: 0.8, points: 40 }] } };
/** DS 542's: 1 % for each started hour, for two days. */
const perHour = { kind: 'percent', percent: 1, per: 'hour', cap: 48 };

describe('what lateness takes off a grade', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
  });

  /** A competition in which Ada has submitted, and the function that makes her late by so many minutes: the deadline is moved, she is not. */
  async function submitted(): Promise<{
    graded: GradedCompetition;
    lateBy: (minutes: number, settings?: object) => Promise<void>;
    receivedMs: number;
  }> {
    const graded = await makeGraded(course);
    await graded.submit(ada, 8);
    await graded.setScheme(scheme);
    const receivedMs = Date.parse((await graded.rowOf(ada)).submittedAt ?? '');
    const at = (ms: number) => new Date(ms).toISOString();
    const lateBy = async (minutes: number, settings: object = {}) => {
      const dueMs = receivedMs - minutes * minuteMs;
      const dates = { opensAt: at(dueMs - 100 * hourMs), dueAt: at(dueMs), lateUntil: at(receivedMs + hourMs) };
      const answer = await course.instructor.json(`PATCH /competitions/${graded.slug}`, {
        ...dates,
        latePolicy: perHour,
        ...settings,
      });
      expect(answer.status, answer.text).toBe(200);
    };
    return { graded, lateBy, receivedMs };
  }

  it('is taken from what is worth most where the best counts: who improves late by little does not lose by it', async () => {
    const graded = await makeGraded(course);
    const inTime = await graded.submit(ada, 7);
    const late = await graded.submit(ada, 8);
    const anchors = [{ name: 'nothing', score: 0, points: 0 }, ...scheme.performance.anchors];
    await graded.setScheme({ performance: { anchors } });
    const { prisma } = system.db;
    const receivedMs = async (id: number) =>
      (await prisma.submission.findUniqueOrThrow({ where: { id } })).receivedAt.getTime();
    const dueAt = new Date((await receivedMs(inTime)) + 1).toISOString();
    const opensAt = new Date((await receivedMs(inTime)) - hourMs).toISOString();
    const lateUntil = new Date((await receivedMs(late)) + hourMs).toISOString();
    const dates = { opensAt, dueAt, lateUntil };
    const points = async (percent: number) => {
      const latePolicy = { kind: 'percent', percent, per: 'hour' };
      const answer = await course.instructor.json(`PATCH /competitions/${graded.slug}`, { ...dates, latePolicy });
      expect(answer.status, answer.text).toBe(200);
      const row = await graded.rowOf(ada);
      return [row.submissionId, row.grade.points];
    };
    // 40 points less 10 % are more than the 35 of the one in time; less 20 % they are not.
    expect(await points(10)).toEqual([late, 36]);
    expect(await points(20)).toEqual([inTime, 35]);
  });

  it('is derived from the dates as they are: a deadline that moves after the fact moves the grade', async () => {
    const { graded, lateBy } = await submitted();
    const points = async () => (await graded.rowOf(ada)).grade.points;
    expect(await points()).toBe(40);
    await lateBy(61);
    const row = await graded.rowOf(ada);
    expect(row.grade.points).toBe(39.2);
    expect(row.grade.lines.at(-1)).toEqual({
      kind: 'late',
      what: 'Late: 2 % of what was earned',
      points: -0.8,
      of: null,
      because: '2 started hours late, 1 % each.',
    });
    await lateBy(60);
    expect(await points()).toBe(39.6);
    await lateBy(60 * 60);
    expect(await points()).toBe(20.8);
    await lateBy(5, { graceMinutes: 10 });
    expect(await points()).toBe(40);
    await lateBy(-1);
    expect(await points()).toBe(40);
    await lateBy(90, { latePolicy: { kind: 'none' } });
    expect(await points()).toBe(40);
  });

  it('honours extensions, each team by its own, and comes back when one is taken back', async () => {
    const { graded, lateBy, receivedMs } = await submitted();
    await graded.submit(ben, 8);
    await lateBy(61);
    const points = async (person: Person) => (await graded.rowOf(person)).grade.points;
    const late = await points(ben);
    expect(late).toBeLessThan(40);
    const url = `/competitions/${graded.slug}/extensions`;
    const dueAt = new Date(receivedMs).toISOString();
    const given = await course.ta.json(`POST ${url}`, { userId: ada.id, dueAt, reason: 'Ill, with a note.' });
    expect(await points(ada)).toBe(40);
    expect(await points(ben)).toBe(late);
    await course.ta.call(`DELETE ${url}/${Extension.parse(given.body).id}`);
    expect(await points(ada)).toBe(39.2);
  });

  it('is what the bank of late days does not cover, phase by phase in the order of their due times', async () => {
    await course.instructor.json(`PATCH /courses/${course.slug}`, { lateBankDays: 3 });
    const bank = { latePolicy: { kind: 'bank', percentPerDayBeyond: 10 } };
    const [first, second] = [await submitted(), await submitted()];
    await first.lateBy(36 * 60, bank);
    await second.lateBy(25 * 60, bank);
    expect((await first.graded.rowOf(ada)).grade).toMatchObject({ points: 40 });
    const { grade } = await second.graded.rowOf(ada);
    expect(grade.points).toBe(36);
    expect(grade.lines.at(-1)?.because).toBe(
      '2 started days late, 1 of them from the late days; 10 % for each other day.',
    );
    // In time in the first phase, she has all of her days for the second.
    await first.lateBy(-1, bank);
    expect((await second.graded.rowOf(ada)).grade.points).toBe(40);
  });

  it('changes nothing that was released, and is told as a difference', async () => {
    const { graded, lateBy } = await submitted();
    await lateBy(61, { lateUntil: null });
    await graded.release();
    expect((await graded.mine(ada)).released?.grade.points).toBe(39.2);
    await lateBy(121, { lateUntil: null });
    expect((await graded.mine(ada)).released?.grade.points).toBe(39.2);
    expect(await graded.rowOf(ada)).toMatchObject({ grade: { points: 38.8 }, released: { differs: true } });
  });
});
