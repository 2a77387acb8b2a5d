import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudonymAt } from '../../api/submissions/pseudonyms.ts';
import { createBlobStore } from '../../core/blobs/store.ts';
import { Gradebook } from '../../core/contract/grades.ts';
import { MyGrade } from '../../core/contract/regrades.ts';
import { makeCompetition } from '../support/competitions.ts';
import { classes, keyFile, planMidterm, planned, predictionsFile, type MidtermPlan } from '../support/midterm-plan.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

/** DS 542's: 40 for performance, with the benchmark of 0.397, 30 for the code, 30 for the report, and five for the first ten. */
const scheme = {
  performance: {
    below: 10,
    anchors: [
      { name: 'benchmark', score: 0.397, points: 28 },
      { name: 'target', score: 0.697, points: 40 },
    ],
  },
  bonus: [{ top: 10, points: 5 }],
  rubric: [
    { id: 'code', title: 'Code quality', points: 30 },
    { id: 'report', title: 'Report', points: 30 },
  ],
};

const minuteMs = 60_000;

describe('the midterm, replayed', () => {
  const plan = planMidterm(542);
  let system: System;
  let course: TestCourse;
  let slug: string;
  let phaseId: number;
  let teamIds: number[];
  let people: readonly Person[];
  let opensAt: Date;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: planned.students, timeZone: 'UTC' });
    people = course.students;
    // Long enough ago that nobody may still submit, whatever extension they have.
    opensAt = new Date(Date.now() - 2 * planned.dueAfterMinutes * minuteMs);
    slug = await makeCompetition(course, {
      key: keyFile(plan.rows, 'firstLabel'),
      settings: {
        kind: 'midterm',
        metrics: ['top1'],
        classes: Array.from({ length: classes }, (_, i) => String(i)),
        opensAt: at(0).toISOString(),
        dueAt: at(planned.dueAfterMinutes).toISOString(),
        lateUntil: at(planned.dueAfterMinutes + planned.lateMinutes).toISOString(),
        graceMinutes: planned.graceMinutes,
        latePolicy: { kind: 'percent', percent: 1, per: 'hour', cap: 48 },
      },
    });
    const { prisma } = system.db;
    const phase = await prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
    phaseId = phase.id;
    teamIds = [];
    for (const [i, members] of plan.teams.entries()) {
      const { competitionId } = phase;
      const users = members.map((student) => ({ competitionId, userId: person(student).id }));
      const { id } = await prisma.team.create({
        data: {
          competitionId,
          pseudonym: pseudonymAt(i),
          members: { create: users.map(({ userId }) => ({ competitionId, userId })) },
        },
      });
      teamIds.push(id);
    }
  });
  afterAll(async () => await system.stop());

  const at = (minutes: number): Date => new Date(opensAt.getTime() + minutes * minuteMs);
  const person = (student: number): Person => {
    const found = people[student];
    if (!found) throw new Error(`there is no student ${student}`);
    return found;
  };

  /** As if they had come at their times. */
  async function send(submissions: MidtermPlan['submissions']): Promise<void> {
    const blobs = createBlobStore(system.dataDir);
    for (const { team, by, afterMinutes, labels } of submissions) {
      const outcome = await blobs.put(Readable.from([Buffer.from(predictionsFile(plan.rows, labels))]), 1_000_000);
      if (outcome.kind !== 'stored') throw new Error('the file was not stored');
      await system.db.prisma.submission.create({
        data: {
          phaseId,
          teamId: teamIds[team] ?? 0,
          userId: person(by).id,
          fileName: 'predictions.csv',
          fileHash: outcome.blob.hash,
          fileBytes: outcome.blob.bytes,
          receivedAt: at(afterMinutes),
          priority: 1,
        },
      });
    }
  }

  async function allScored(): Promise<void> {
    await until('everything is scored', 170_000, async () => {
      const OR = [{ state: 'queued' as const }, { state: 'running' as const }];
      return (await system.db.prisma.submission.count({ where: { phaseId, OR } })) === 0;
    });
    expect(await system.db.prisma.submission.count({ where: { phaseId, state: { not: 'scored' } } })).toBe(0);
  }

  it('is sent and scored over two weeks, with a key that is replaced in the middle', async () => {
    const half = Math.floor(plan.submissions.length / 2);
    await send(plan.submissions.slice(0, half));
    await allScored();
    const replaced = await course.instructor.upload(
      `PUT /competitions/${slug}/answer-key`,
      keyFile(plan.rows, 'label'),
      'solution.csv',
    );
    expect(replaced.status, replaced.text).toBe(200);
    await send(plan.submissions.slice(half));
    await course.instructor.call(`POST /competitions/${slug}/rescore`);
    await allScored();
    // The clock says that all is over, so what was frozen may be from before.
    const final = await course.instructor.json(`POST /competitions/${slug}/final`, { reason: 'All is scored.' });
    expect(final.status, final.text).toBe(201);
  });

  it('gives some students later dates, when it is over already', async () => {
    for (const { student, team, minutes } of plan.extensions) {
      const who = student === undefined ? { teamId: teamIds[team ?? 0] } : { userId: person(student).id };
      const dueAt = at(planned.dueAfterMinutes + minutes).toISOString();
      const given = await course.ta.json(`POST /competitions/${slug}/extensions`, { ...who, dueAt, reason: 'Agreed.' });
      expect(given.status, given.text).toBe(201);
    }
    for (const { student, ...more } of plan.accommodations) {
      const url = `/courses/${course.slug}/accommodations/${person(student).id}`;
      const given = await course.instructor.json(`PUT ${url}`, { ...more, reason: 'A letter.' });
      expect(given.status, given.text).toBe(200);
    }
  });

  it('is graded by hand', async () => {
    const answer = await course.instructor.json(`PUT /competitions/${slug}/grade-scheme`, { version: 0, scheme });
    expect(answer.status, answer.text).toBe(200);
    for (const { student, item, points, second } of plan.marks) {
      const by = second ? course.instructor : course.ta;
      const marks = [{ item, points, comment: `${item} of ${student}` }];
      const given = await by.json(`PUT /competitions/${slug}/grades/${person(student).id}/marks`, { marks, second });
      expect(given.status, given.text).toBe(200);
    }
    for (const { student, points, reason } of plan.overrides) {
      const set = { points, reason };
      const done = await course.instructor.json(`PUT /competitions/${slug}/grades/${person(student).id}/override`, set);
      expect(done.status, done.text).toBe(204);
    }
  });

  it('gives each of a hundred students the grade that the rules give, released as they stand', async () => {
    const released = await course.instructor.json(`POST /competitions/${slug}/grades/release`, {});
    expect(released.body).toEqual({ released: planned.students, unchanged: 0 });
    const book = Gradebook.parse((await course.ta.call(`GET /competitions/${slug}/grades`)).body);
    const expected = expectedGrades(plan);
    // The plan would find it: by the key that was replaced, others would have other grades.
    const byFirstKey = { ...plan, rows: plan.rows.map((row) => ({ ...row, label: row.firstLabel })) };
    for (const other of [byFirstKey, { ...plan, extensions: [] }, { ...plan, accommodations: [] }])
      expect(expectedGrades(other)).not.toEqual(expected);
    expect(book.rows.filter(({ grade }) => grade.lines.some(({ kind }) => kind === 'late')).length).toBeGreaterThan(3);
    const byUser = new Map(book.rows.map((row) => [row.userId, row]));
    for (const [student, points] of expected.entries()) {
      const row = byUser.get(person(student).id);
      expect(row?.grade.points, `student ${student}: ${JSON.stringify(row?.grade)}`).toBe(points);
      expect(row?.released?.differs).toBe(false);
      const mine = MyGrade.parse((await person(student).call(`GET /competitions/${slug}/my-grade`)).body);
      expect(mine.released?.grade).toEqual(row?.grade);
    }
    const [min, , , , max] = book.summary.quartiles ?? [];
    expect(book.summary).toMatchObject({ students: 100, missing: 9 });
    expect([min, max]).toEqual([Math.min(...expected.filter((points) => points > 0)), Math.max(...expected)]);
  });

  it('gives the same once more when everything is scored anew, and releases nothing anew', async () => {
    await course.instructor.call(`POST /competitions/${slug}/rescore`);
    await allScored();
    const again = await course.instructor.json(`POST /competitions/${slug}/grades/release`, {});
    expect(again.body).toEqual({ released: 0, unchanged: planned.students });
  });
});

/** The grades by the rules, from the plan alone: nothing of the product computes here. */
function expectedGrades(plan: MidtermPlan): number[] {
  const privateRows = plan.rows.flatMap(({ usage }, i) => (usage === 'Private' ? [i] : []));
  const sent = plan.submissions.map(({ team, labels, afterMinutes }) => {
    const right = privateRows.filter((row) => labels[row] === plan.rows[row]?.label).length;
    return { team, right, afterMinutes };
  });
  const better = (a: (typeof sent)[number], b: (typeof sent)[number]) =>
    b.right - a.right || a.afterMinutes - b.afterMinutes;
  const best = plan.teams.map((_, team) => sent.filter((one) => one.team === team).toSorted(better)[0]);
  return Array.from({ length: plan.students }, (_, student) => {
    const set = plan.overrides.find((override) => override.student === student);
    if (set) return set.points;
    const team = plan.teams.findIndex((members) => members.includes(student));
    const mark = (item: string) => {
      const given = plan.marks.filter((one) => one.student === student && one.item === item);
      return (given.find(({ second }) => second) ?? given[0])?.points ?? 0;
    };
    // Of all that the team sent, what is worth most, each with the rank that it would have: an earlier one may cost less.
    const worth = sent
      .filter((one) => one.team === team)
      .map((one) => {
        const score = one.right / privateRows.length;
        const performance = score < 0.397 ? 10 : score >= 0.697 ? 40 : 28 + (12 * (score - 0.397)) / 0.3;
        const above = best.filter((other) => other && other.team !== team && better(other, one) < 0).length;
        const bonus = above < 10 ? 5 : 0;
        const earned = Math.round(100 * performance) + Math.round(100 * (bonus + mark('code') + mark('report')));
        return (earned - Math.round((earned * latePercent(plan, team, one.afterMinutes)) / 100)) / 100;
      });
    return Math.max(0, ...worth);
  });
}

/** 1 % for each started hour after the latest due time that anybody in the team has; nothing within the grace. */
function latePercent(plan: MidtermPlan, team: number, afterMinutes: number): number {
  const members = plan.teams[team] ?? [];
  const isOurs = (one: { student?: number; team?: number }) =>
    one.team === team || (one.student !== undefined && members.includes(one.student));
  const later = [
    0,
    ...plan.extensions.filter(isOurs).map(({ minutes }) => minutes),
    ...plan.accommodations
      .filter(isOurs)
      .map(({ extraDays, timeFactor }) => Math.max(extraDays * 24 * 60, (timeFactor - 1) * planned.dueAfterMinutes)),
  ];
  const lateMinutes = afterMinutes - planned.dueAfterMinutes - Math.max(...later);
  return lateMinutes <= planned.graceMinutes ? 0 : Math.min(48, Math.ceil(lateMinutes / 60));
}
