import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admit } from '../../api/submissions/admit.ts';
import { ensureTeam } from '../../api/submissions/teams.ts';
import { Competition } from '../../core/contract/competitions.ts';
import { Extension, listExtensions } from '../../core/contract/dates.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const second = 1000;
const inHours = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();

describe('dates', () => {
  let system: System;
  let course: TestCourse;
  let [ada, ben]: Person[] = [];
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 2 });
    [ada, ben] = course.students;
  });

  const one = (person: Person | undefined): Person => {
    if (!person) throw new Error('two students are needed');
    return person;
  };
  const seenBy = async (person: Person | undefined, slug: string) => {
    const [phase] = Competition.parse((await one(person).call(`GET /competitions/${slug}`)).body).phases;
    if (!phase) throw new Error('the competition has no phase');
    return phase;
  };
  const edit = async (slug: string, change: Record<string, unknown>) =>
    await course.instructor.json(`PATCH /competitions/${slug}`, change);
  const extend = async (slug: string, body: Record<string, unknown>) =>
    await course.ta.json(`POST /competitions/${slug}/extensions`, { reason: 'Ill, with a note.', ...body });
  const accommodate = async (person: Person | undefined, body: Record<string, unknown>) =>
    await course.instructor.json(`PUT /courses/${course.slug}/accommodations/${one(person).id}`, {
      reason: 'A letter.',
      ...body,
    });

  /** Whether a submission that is received at this time would be taken; nothing of it stays. */
  async function isTaken(slug: string, person: Person | undefined, receivedAt: Date): Promise<boolean> {
    const competition = await system.db.prisma.competition.findUniqueOrThrow({
      where: { slug },
      include: { phases: true },
    });
    const userId = one(person).id;
    const undone = new Error('undone');
    const arrival = {
      phaseId: competition.phases[0]?.id ?? 0,
      teamId: await ensureTeam(system.db, competition.id, userId, 'students'),
      userId,
      kind: 'predictions' as const,
      file: { blob: { hash: '0'.repeat(64), bytes: 1 }, name: 'a.csv' },
      claimed: undefined,
      keepFile: async () => await Promise.reject(undone),
      part: null,
      note: '',
      receivedAt,
      idempotencyKey: undefined,
      gated: true,
    };
    try {
      await admit(system.db.pool, arrival);
    } catch (error) {
      if (error === undone) return true;
      expect(error).toMatchObject({ type: 'deadline-passed' });
    }
    return false;
  }
  const around = async (slug: string, person: Person | undefined, at: Date) =>
    await Promise.all(
      [-second, 0, 1, second].map(async (ms) => await isTaken(slug, person, new Date(at.getTime() + ms))),
    );

  it('close at the last moment to the millisecond: due, late, with grace, and with each kind of extension', async () => {
    const dueAt = new Date('2026-06-01T03:59:00Z');
    const slug = await makeCompetition(course, {
      settings: { opensAt: '2026-05-25T04:00:00Z', dueAt: dueAt.toISOString() },
    });
    const inTime = [true, true, false, false];
    expect(await around(slug, ada, dueAt)).toEqual(inTime);

    const lateUntil = new Date('2026-06-03T03:59:00Z');
    expect((await edit(slug, { lateUntil: lateUntil.toISOString() })).status).toBe(200);
    expect(await around(slug, ada, lateUntil)).toEqual(inTime);
    expect((await edit(slug, { graceMinutes: 15 })).status).toBe(200);
    expect(await around(slug, ada, new Date('2026-06-03T04:14:00Z'))).toEqual(inTime);
    expect((await edit(slug, { graceMinutes: 0 })).status).toBe(200);

    // Due three days later, and late for as long as the others.
    expect((await extend(slug, { userId: one(ada).id, dueAt: '2026-06-04T03:59:00Z' })).status).toBe(201);
    expect(await around(slug, ada, new Date('2026-06-06T03:59:00Z'))).toEqual(inTime);
    expect(await around(slug, ben, lateUntil)).toEqual(inTime);
    expect((await extend(slug, { userId: one(ada).id, lateUntil: '2026-06-10T03:59:00Z' })).status).toBe(201);
    expect(await around(slug, ada, new Date('2026-06-10T03:59:00Z'))).toEqual(inTime);

    // Half as much time again: seven days become ten and a half.
    expect((await accommodate(ben, { timeFactor: 1.5 })).status).toBe(200);
    expect(await around(slug, ben, new Date('2026-06-06T16:29:00Z'))).not.toEqual(inTime);
    expect((await seenBy(ben, slug)).mine).toMatchObject({ dueAt: '2026-06-04T15:58:30.000Z', extended: true });
    expect(await around(slug, ben, new Date('2026-06-06T15:58:30Z'))).toEqual(inTime);
  });

  it.each([
    ['spring, when a day has 23 hours', '2026-03-08T04:59:00Z', '2026-03-09T03:59:00.000Z'],
    ['autumn, when a day has 25 hours', '2026-11-01T03:59:00Z', '2026-11-02T04:59:00.000Z'],
  ])('stay at 23:59 of the course’s zone with a day more in %s', async (_when, dueAt, later) => {
    const slug = await makeCompetition(course, { settings: { opensAt: '2026-02-01T00:00:00Z', dueAt } });
    expect((await accommodate(ada, { extraDays: 1 })).status).toBe(200);
    expect((await seenBy(ada, slug)).mine).toMatchObject({ dueAt: later, closesAt: later, extended: true });
    expect((await seenBy(ben, slug)).mine).toMatchObject({ dueAt: new Date(dueAt).toISOString(), extended: false });
    expect(await around(slug, ada, new Date(later))).toEqual([true, true, false, false]);
  });

  it('are a team’s latest of all its members’, and nobody’s earlier', async () => {
    const slug = await makeCompetition(course);
    const { id: competitionId } = await system.db.prisma.competition.findUniqueOrThrow({ where: { slug } });
    const teamId = await ensureTeam(system.db, competitionId, one(ada).id, 'students');
    await system.db.prisma.teamMember.create({ data: { competitionId, teamId, userId: one(ben).id } });
    const [two, three] = [inHours(48), inHours(72)];
    expect((await extend(slug, { userId: one(ben).id, dueAt: two })).status).toBe(201);
    expect((await seenBy(ada, slug)).mine).toMatchObject({ dueAt: two, extended: true });
    const ofTeam = Extension.parse((await extend(slug, { teamId, dueAt: three })).body);
    expect((await seenBy(ben, slug)).mine?.dueAt).toBe(three);
    // The class's is moved beyond it.
    const week = inHours(168);
    await edit(slug, { dueAt: week });
    expect((await seenBy(ben, slug)).mine).toMatchObject({ dueAt: week, extended: false });
    await edit(slug, { dueAt: inHours(1) });
    expect((await course.ta.call(`DELETE /competitions/${slug}/extensions/${ofTeam.id}`)).status).toBe(204);
    expect((await seenBy(ada, slug)).mine?.dueAt).toBe(two);
  });

  it('are nobody else’s in the competition, whoever is in a team', async () => {
    const slug = await makeCompetition(course);
    const { id: competitionId } = await system.db.prisma.competition.findUniqueOrThrow({ where: { slug } });
    for (const person of [ada, ben]) await ensureTeam(system.db, competitionId, one(person).id, 'students');
    expect((await extend(slug, { userId: one(ben).id, dueAt: inHours(48) })).status).toBe(201);
    expect((await accommodate(ben, { extraDays: 3 })).status).toBe(200);
    expect((await seenBy(ben, slug)).mine).toMatchObject({ extended: true });
    expect((await seenBy(ada, slug)).mine).toMatchObject({ extended: false });
  });

  it('make a submission late or not, also when they are moved after the fact', async () => {
    const slug = await makeCompetition(course, {
      settings: { lateUntil: inHours(48), latePolicy: { kind: 'percent', percent: 1, per: 'hour' } },
    });
    const { id } = await one(ada).submit(slug, tinyPredictions);
    const lateness = async () => Submission.parse((await one(ada).call(`GET /submissions/${id}`)).body).late;
    expect(await lateness()).toBeUndefined();
    const { receivedAt } = Submission.parse((await one(ada).call(`GET /submissions/${id}`)).body);
    const ago = (ms: number) => new Date(Date.parse(receivedAt) - ms).toISOString();
    expect((await edit(slug, { opensAt: ago(48 * hourMs), dueAt: ago(hourMs + second) })).status).toBe(200);
    expect(await lateness()).toEqual({ seconds: 3601, penaltyPercent: 2 });
    expect((await edit(slug, { dueAt: ago(hourMs) })).status).toBe(200);
    expect(await lateness()).toEqual({ seconds: 3600, penaltyPercent: 1 });
    expect((await edit(slug, { latePolicy: { kind: 'bank' } })).status).toBe(200);
    expect(await lateness()).toEqual({ seconds: 3600, penaltyPercent: null });
    expect((await extend(slug, { userId: one(ada).id, dueAt: receivedAt })).status).toBe(201);
    expect(await lateness()).toBeUndefined();
  });

  it('hide the private board until the last who may submit has had their time', async () => {
    const slug = await makeCompetition(course);
    await one(ben).finished((await one(ben).submit(slug, tinyPredictions)).id);
    expect((await extend(slug, { userId: one(ada).id, dueAt: inHours(30) })).status).toBe(201);
    const past = new Date(Date.now() - 60 * second).toISOString();
    expect((await edit(slug, { dueAt: past })).status).toBe(200);
    expect(await seenBy(ben, slug)).toMatchObject({ status: 'closed', revealed: false, mine: { extended: false } });
    expect(await seenBy(ada, slug)).toMatchObject({ status: 'open', revealed: false, mine: { extended: true } });
    const board = async () => await one(ben).call(`GET /competitions/${slug}/leaderboard?board=private`);
    expect((await board()).problem().type).toBe('board-hidden');
    expect((await one(ben).call(`GET /competitions/${slug}/submissions`)).text).not.toContain('"private"');
    const listed = await course.ta.call(`GET /competitions/${slug}/extensions`);
    const { extensions } = listExtensions.schema.response[200].parse(listed.body);
    expect((await course.ta.call(`DELETE /competitions/${slug}/extensions/${extensions[0]?.id}`)).status).toBe(204);
    expect((await board()).status).toBe(200);
    expect(await seenBy(ben, slug)).toMatchObject({ revealed: true });
  });

  it('are refused where they make no sense, with the place', async () => {
    const slug = await makeCompetition(course);
    const refusals: [Promise<{ status: number; text: string }>, RegExp][] = [
      [edit(slug, { lateUntil: inHours(-2) }), /body\.lateUntil.*must be after dueAt/],
      [edit(slug, { lateUntil: inHours(48), revealAt: inHours(24) }), /body\.revealAt.*must not be before lateUntil/],
      [edit(slug, { graceMinutes: -1 }), /body\.graceMinutes/],
      [edit(slug, { latePolicy: { kind: 'percent', percent: 200, per: 'hour' } }), /latePolicy\.percent/],
      [extend(slug, { dueAt: inHours(48) }), /either userId or teamId/],
      [extend(slug, { userId: one(ada).id }), /give a new due time/],
      [extend(slug, { userId: one(ada).id, dueAt: inHours(0.5) }), /is not later than for the class/],
      [extend(slug, { userId: one(ada).id, dueAt: inHours(48), reason: ' ' }), /say why/],
      [accommodate(ada, {}), /give some days/],
      [accommodate(ada, { timeFactor: 0.5 }), /timeFactor/],
    ];
    for (const [answer, detail] of refusals) {
      const { status, text } = await answer;
      expect(status, text).toBe(400);
      expect(text).toMatch(detail);
    }
    expect((await extend(slug, { userId: course.ta.id, dueAt: inHours(48) })).status).toBe(404);
    expect((await extend(slug, { teamId: 1_000_000, dueAt: inHours(48) })).status).toBe(404);
    expect((await accommodate(course.instructor, { extraDays: 1 })).status).toBe(404);
  });

  it('tell a student neither others’ dates nor anybody’s reasons', async () => {
    const slug = await makeCompetition(course);
    const dueAt = inHours(77);
    await extend(slug, { userId: one(ada).id, dueAt });
    await accommodate(ada, { extraDays: 1 });
    for (const path of [`/competitions/${slug}`, '/competitions', `/competitions/${slug}/leaderboard`]) {
      const { text } = await one(ben).call(`GET ${path}`);
      expect(text).not.toContain('note.');
      expect(text).not.toContain('letter');
    }
    expect((await one(ada).call(`GET /competitions/${slug}`)).text).not.toContain('Ill');
  });
});
