import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTeam } from '../../api/submissions/teams.ts';
import { readExcess } from '../../api/teams/rules.ts';
import { Competition } from '../../core/contract/competitions.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { Allowance, Submission } from '../../core/contract/submissions.ts';
import { claim } from '../../core/submissions/claim.ts';
import { finish } from '../../core/submissions/finish.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { teamsOf, type Teams } from '../support/teams.ts';
import { wrongStandings } from '../support/truth.ts';

/** Right on nothing, and on all. */
const [worst, best] = ['id,label\na,3\nb,3\nc,0\nd,0\n', 'id,label\na,0\nb,1\nc,2\nd,3\n'];

describe('two teams that become one', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;
  let teams: Teams;
  let ada: Person;
  let ben: Person;
  let cat: Person;
  let dan: Person;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterEach(async () => await system.pauseWorkers());
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 4 });
    const [a, b, c, d] = course.students;
    if (!a || !b || !c || !d) throw new Error('four students are needed');
    [ada, ben, cat, dan] = [a, b, c, d];
    await open({ maxTeamSize: 4 });
  });

  const open = async (settings: Record<string, unknown>) => {
    slug = await makeCompetition(course, { settings });
    teams = teamsOf(course, slug);
  };
  const send = async (person: Person, file = tinyPredictions) => (await person.submit(slug, file)).id;
  const teamOf = async (person: Person) =>
    (await system.db.prisma.teamMember.findFirstOrThrow({ where: { userId: person.id, competition: { slug } } }))
      .teamId;
  const phaseId = async () => (await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug } } })).id;
  const allowance = async (person: Person) =>
    Allowance.parse((await person.call(`GET /competitions/${slug}/allowance`)).body);

  it('have sent what both sent: one line on the board, one limit, seen by all of them', async () => {
    await open({ maxTeamSize: 2, totalLimit: 10 });
    await system.startWorker();
    const [low, high] = [await send(ada, worst), await send(ben, best)];
    await ada.finished(low);
    await ben.finished(high);
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
    await system.pauseWorkers();
    expect(await wrongStandings(system.db.pool)).toEqual([]);
    const board = async () => Leaderboard.parse((await ada.call(`GET /competitions/${slug}/leaderboard`)).body);
    await expect.poll(async () => (await board()).rows.length, { timeout: 120_000 }).toBe(1);
    expect((await board()).me).toMatchObject({ rank: 1, value: 1 });
    expect(await allowance(ada)).toMatchObject({ leftTotal: 8 });
    expect(await allowance(ben)).toMatchObject({ leftTotal: 8 });
    const seen = await ada.call(`GET /submissions/${high}`);
    expect(Submission.parse(seen.body).submittedBy).toEqual({ name: ben.name });
    expect((await ben.call(`GET /submissions/${low}`)).status).toBe(200);
    expect((await cat.call(`GET /submissions/${low}`)).status).toBe(404);
    expect((await teams.of(ben)).submitted).toBe(true);
  });

  it('may not have sent more together than one could have; nobody is told how much the others sent', async () => {
    await open({ maxTeamSize: 2, totalLimit: 3 });
    for (const person of [ada, ada, ben, ben]) await send(person);
    const code = await teams.code(ada);
    const refused = (await teams.join(ben, code)).problem();
    expect(refused).toMatchObject({ type: 'conflict', detail: expect.stringContaining('than the 3 that one team') });
    expect((await ben.call(`GET /competitions/${slug}/team-codes/${code}`)).text).toContain('than the 3 that one team');
    // What was rejected, cancelled or failed was not counted, and isn't here.
    await system.db.prisma.submission.updateMany({ where: { userId: ada.id }, data: { state: 'cancelled' } });
    expect((await teams.join(ben, code)).status).toBe(200);
    expect(await allowance(ada)).toMatchObject({ leftTotal: 1 });
  });

  it('could have sent a day’s limit on each day so far, in the course’s zone, until they close', async () => {
    await open({
      maxTeamSize: 2,
      opensAt: '2026-10-30T16:00:00Z',
      dueAt: '2026-11-03T17:00:00Z',
      dailyLimit: 2,
    });
    const competitionId = (await system.db.prisma.phase.findUniqueOrThrow({ where: { id: await phaseId() } }))
      .competitionId;
    const ids: number[] = [];
    for (const person of [ada, ben]) {
      const teamId = await ensureTeam(system.db, competitionId, person.id, 'students');
      ids.push(teamId);
      const data = { phaseId: await phaseId(), teamId, userId: person.id, fileName: 'a', fileHash: 'a', fileBytes: 1 };
      for (let i = 0; i < 3; i++)
        await system.db.prisma.submission.create({
          data: { ...data, priority: 1, state: 'scored', receivedAt: new Date('2026-10-31T16:00:00Z') },
        });
    }
    const allowed = async (at: string) =>
      (await readExcess(system.db.pool, [ids[0] ?? 0, ids[1] ?? 0], new Date(at)))[0]?.allowed;
    // Six together: three days are needed. Clocks go back on November 1; the day has 25 hours.
    expect(await allowed('2026-10-30T17:00:00Z')).toBe(2);
    expect(await allowed('2026-10-31T04:00:00Z')).toBe(4);
    expect(await allowed('2026-11-01T03:59:59.999Z')).toBe(4);
    expect(await allowed('2026-11-01T04:00:00Z')).toBeUndefined();
    await system.db.prisma.phase.updateMany({ where: { competition: { slug } }, data: { totalLimit: 5 } });
    expect(await allowed('2026-11-02T04:00:00Z')).toBe(5);
    await system.db.prisma.phase.updateMany({
      where: { competition: { slug } },
      data: { totalLimit: null, dailyLimit: 1 },
    });
    expect(await allowed('2026-11-03T12:00:00Z')).toBe(5);
    expect(await allowed('2026-12-24T12:00:00Z')).toBe(5);
    // More time is theirs together as well.
    const later = {
      phaseId: await phaseId(),
      teamId: ids[1] ?? 0,
      dueAt: new Date('2026-11-04T17:00:00Z'),
      reason: 'Ill',
      createdById: course.ta.id,
    };
    await system.db.prisma.extension.create({ data: later });
    expect(await allowed('2026-12-24T12:00:00Z')).toBeUndefined();
    await system.db.prisma.submission.deleteMany({ where: { teamId: ids[1] ?? 0 } });
    await system.db.prisma.phase.updateMany({
      where: { competition: { slug } },
      data: { dailyLimit: null, totalLimit: 1 },
    });
    expect(await allowed('2026-12-24T12:00:00Z'), 'who sent nothing adds nothing').toBeUndefined();
  });

  it('are proposed to a team by an address, and anybody of that team answers', async () => {
    await teams.together(ada, ben);
    await teams.together(cat, dan);
    for (const person of [ada, cat]) await send(person);
    const asAPerson = await teams.code(ada);
    expect((await teams.join(cat, asAPerson)).problem().detail).toContain('in a team with others');
    expect((await teams.invite(ada, cat.email, true)).status).toBe(200);
    expect((await teams.of(dan)).received).toMatchObject([
      { merge: true, from: ada.name, members: 2, hindrance: null },
    ]);
    expect((await teams.of(dan)).received[0]).not.toHaveProperty('email');
    expect((await teams.accept(dan)).status).toBe(200);
    const names = [ada, ben, cat, dan].map(({ name }) => name).toSorted();
    for (const person of [ada, ben, cat, dan])
      expect((await teams.of(person)).members.map(({ name }) => name).toSorted()).toEqual(names);
    expect((await teams.list()).teams).toMatchObject([{ submissions: 2 }]);
    expect((await teams.of(cat)).received).toEqual([]);
  });

  it('are no more than may be in one, and may decline', async () => {
    await open({ maxTeamSize: 3 });
    await teams.together(ada, ben);
    await teams.together(cat, dan);
    await teams.invite(ada, cat.email, true);
    expect((await teams.of(dan)).received[0]?.hindrance).toContain('4 together');
    expect((await teams.accept(dan)).problem().detail).toContain('no more than 3');
    const id = (await teams.of(dan)).received[0]?.id;
    expect((await dan.call(`POST /competitions/${slug}/invitations/${id}/decline`)).status).toBe(200);
    expect((await teams.of(ada)).invitations).toEqual([]);
  });

  it('have the later of their dates: extensions of either hold for both', async () => {
    await send(ben);
    const dueAt = new Date(Date.now() + 30 * hourMs).toISOString();
    const extension = { teamId: await teamOf(ben), dueAt, reason: 'Ill' };
    expect((await course.ta.json(`POST /competitions/${slug}/extensions`, extension)).status).toBe(201);
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
    for (const person of [ada, ben]) {
      const { phases } = Competition.parse((await person.call(`GET /competitions/${slug}`)).body);
      expect(phases[0]?.mine).toMatchObject({ dueAt, extended: true });
    }
  });

  it('keep the newest of their choices where they had selected more than may be', async () => {
    await open({ maxTeamSize: 2, counts: 'selected', selectMax: 2 });
    await system.startWorker();
    const ids: number[] = [];
    for (const person of [ada, ada, ben]) {
      const id = await send(person, best);
      await person.finished(id);
      expect((await person.json(`PUT /submissions/${id}/selection`, { selected: true })).status).toBe(200);
      ids.push(id);
    }
    await system.pauseWorkers();
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
    const selected = await system.db.prisma.submission.findMany({
      where: { id: { in: ids }, selectedAt: { not: null } },
      orderBy: { id: 'asc' },
    });
    expect(selected.map(({ id }) => id)).toEqual(ids.slice(1));
  });

  it('may have named submissions alike; sending one of them again makes no second one', async () => {
    const keyed = async (person: Person) =>
      await person.call(`POST /competitions/${slug}/submissions?filename=p.csv`, {
        body: tinyPredictions,
        headers: { 'content-type': 'application/octet-stream', 'idempotency-key': 'one' },
      });
    for (const person of [ada, ben]) expect((await keyed(person)).status).toBe(202);
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
    expect((await keyed(ada)).status).toBe(202);
    expect((await teams.list()).teams).toMatchObject([{ submissions: 2 }]);
  });

  it('get the score of what was being graded meanwhile', async () => {
    const id = await send(ben);
    const held = await claim(system.db.pool, id, 600_000);
    if (!held) throw new Error('there was nothing to claim');
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
    expect(await teamOf(ben)).not.toBe(held.teamId);
    const verdict = { kind: 'scored' as const, scores: { public: {}, private: {} }, publicValue: 1, privateValue: 1 };
    expect(await finish(system.db.pool, held, { ...verdict, hits: new Map(), notices: [] })).toBe(true);
    const standings = await system.db.prisma.standing.findMany({ where: { teamId: await teamOf(ada) } });
    expect(standings.map(({ submissionId }) => submissionId)).toEqual([id, id]);
  });

  it('are one, whoever of them accepts first, and whatever is sent at that moment', async () => {
    for (let round = 0; round < 6; round++) {
      await open({ maxTeamSize: 4 });
      await teams.together(ada, ben);
      await teams.together(cat, dan);
      await teams.invite(ada, cat.email, true);
      await teams.invite(cat, ada.email, true);
      const upload = async (person: Person) =>
        await person.upload(`POST /competitions/${slug}/submissions`, tinyPredictions);
      // Both know their invitation before either accepts.
      const [dans, bens] = [await teams.firstOf(dan), await teams.firstOf(ben)];
      const [one, other, ...sent] = await Promise.all([
        teams.accept(dan, dans),
        teams.accept(ben, bens),
        upload(ada),
        upload(cat),
      ]);
      expect(new Set([one.status, other.status])).toEqual(new Set([200, 404]));
      // 409: the team was another one than when it was begun to be sent.
      for (const answer of sent) expect([202, 409], answer.text).toContain(answer.status);
      const { teams: left } = await teams.list();
      expect(left).toMatchObject([{ submissions: sent.filter(({ status }) => status === 202).length }]);
      expect(left[0]?.members).toHaveLength(4);
    }
  });
});
