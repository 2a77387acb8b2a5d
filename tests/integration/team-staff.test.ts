import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../core/contract/audit.ts';
import { makeGraded, midtermScheme, type GradedCompetition } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { teamsOf, type Teams } from '../support/teams.ts';
import { wrongStandings } from '../support/truth.ts';

describe('teams as staff change them', () => {
  let system: System;
  let course: TestCourse;
  let graded: GradedCompetition;
  let teams: Teams;
  let ada: Person;
  let ben: Person;
  let cat: Person;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 3 });
    const [a, b, c] = course.students;
    if (!a || !b || !c) throw new Error('three students are needed');
    [ada, ben, cat] = [a, b, c];
    graded = await makeGraded(course);
    teams = teamsOf(course, graded.slug);
  });

  const move = async (person: Person, teamId: number | null, more: Record<string, unknown> = {}) =>
    await course.ta.json(`POST /competitions/${graded.slug}/teams/moves`, { userId: person.id, teamId, ...more });
  const teamWith = async (person: Person) => {
    const team = (await teams.list()).teams.find(({ members }) => members.some(({ userId }) => userId === person.id));
    if (!team) throw new Error(`${person.name} is in no team`);
    return team;
  };
  const merge = async (from: Person, into: Person, reason = '') =>
    await course.ta.json(`POST /competitions/${graded.slug}/teams/merges`, {
      fromTeamId: (await teamWith(from)).id,
      intoTeamId: (await teamWith(into)).id,
      reason,
    });
  const idsOf = (people: readonly { userId: number }[]) => new Set(people.map(({ userId }) => userId));
  const newest = async () => {
    const answer = await course.instructor.call(`GET /courses/${course.slug}/audit?limit=1`);
    return listAuditEntries.schema.response[200].parse(answer.body).entries[0];
  };

  it('are made for students who are in none, whatever the size and the lock date', async () => {
    expect(idsOf((await teams.list()).alone)).toEqual(new Set([ada.id, ben.id, cat.id]));
    await graded.submit(ada, 5);
    await graded.close();
    const target = await teamWith(ada);
    const refused = await move(ben, target.id);
    expect(refused.problem()).toMatchObject({ type: 'validation-failed', errors: [{ path: 'body.reason' }] });
    expect((await move(ben, target.id, { reason: 'They worked together.' })).status).toBe(200);
    expect(idsOf((await teamWith(ada)).members)).toEqual(new Set([ada.id, ben.id]));
    expect(await newest()).toMatchObject({
      action: 'moveStudent',
      subject: expect.stringContaining(ben.email),
      after: { team: target.pseudonym, submissionsTaken: false, reason: 'They worked together.' },
    });
    expect((await teams.list()).alone).toMatchObject([{ userId: cat.id }]);
  });

  it('need no reason where nothing was sent', async () => {
    expect((await move(ada, null)).problem().detail).toContain('alone');
    await ben.call(`POST /competitions/${graded.slug}/team/leave`);
    await system.db.prisma.competition.update({ where: { slug: graded.slug }, data: { maxTeamSize: 2 } });
    await teams.code(ben);
    const { id } = await teamWith(ben);
    expect((await move(ada, id)).status).toBe(200);
    expect((await move(ada, id)).problem().detail).toContain('in this team already');
    expect((await move(cat, id)).status).toBe(200);
    expect((await teamWith(ben)).members).toHaveLength(3);
    // Their panel goes on, and takes nobody in.
    expect((await teams.of(ada)).members).toHaveLength(3);
    expect((await teams.of(ada)).hindrances.invite).toContain('full');
  });

  it('are split, with or without what a student sent; nothing is left to nobody', async () => {
    await graded.submit(ada, 3);
    await graded.submit(ben, 8);
    const why = { reason: 'They never met.' };
    expect((await merge(ben, ada)).problem()).toMatchObject({ errors: [{ path: 'body.reason' }] });
    expect((await merge(ben, ada, why.reason)).status).toBe(200);
    expect(await newest()).toMatchObject({ action: 'mergeTeams', after: { reason: why.reason } });
    expect(await wrongStandings(system.db.pool)).toEqual([]);
    expect((await teamWith(ada)).submissions).toBe(2);

    expect((await move(ben, null, { ...why, takeSubmissions: true })).status).toBe(200);
    expect(await wrongStandings(system.db.pool)).toEqual([]);
    expect([(await teamWith(ada)).submissions, (await teamWith(ben)).submissions]).toEqual([1, 1]);

    const left = await move(ben, (await teamWith(ada)).id, why);
    expect(left.problem()).toMatchObject({ type: 'conflict', detail: expect.stringContaining('left to nobody') });
    expect((await move(ben, (await teamWith(ada)).id, { ...why, takeSubmissions: true })).status).toBe(200);
    expect((await move(cat, (await teamWith(ada)).id, why)).status).toBe(200);
    expect((await move(cat, null, why)).status).toBe(200);
    expect((await teamWith(cat)).submissions).toBe(0);
    expect(await wrongStandings(system.db.pool)).toEqual([]);
  });

  it('have one line on the board, and a grade for each of their students', async () => {
    await graded.submit(ada, 4);
    await graded.submit(ben, 8);
    await graded.submit(cat, 6);
    expect((await merge(ada, ben, 'They worked together.')).status).toBe(200);
    await graded.close();
    expect((await graded.setScheme(midtermScheme)).status).toBe(200);
    const points = async (person: Person) => (await graded.rowOf(person)).grade.points;
    // All points at 0.8, and five for the first place, to both; the second place is next.
    expect(await points(ada)).toBe(await points(ben));
    expect(await points(ben)).toBe(45);
    expect(await points(cat)).toBe(32);
    const mark = { marks: [{ item: 'report', points: 6, comment: '' }] };
    expect((await graded.mark(course.ta, ada, { ...mark, wholeTeam: true })).status).toBe(200);
    expect([await points(ada), await points(ben), await points(cat)]).toEqual([51, 51, 32]);
    expect((await graded.mark(course.ta, ada, { marks: [{ item: 'report', points: 10, comment: '' }] })).status).toBe(
      200,
    );
    expect([await points(ada), await points(ben)]).toEqual([55, 51]);
  });

  it('keep a frozen final standing as it is', async () => {
    await graded.submit(ada, 4);
    await graded.submit(ben, 8);
    await graded.close();
    const phase = await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug: graded.slug } } });
    const final = await until('the final standing', 120_000, async () => {
      const found = await system.db.prisma.finalStanding.findFirst({ where: { phaseId: phase.id } });
      return found ?? undefined;
    });
    expect((await merge(ada, ben, 'They worked together.')).status).toBe(200);
    expect(await system.db.prisma.finalPlace.count({ where: { finalStandingId: final.id } })).toBe(2);
    expect((await teams.list()).teams).toHaveLength(1);
  });

  it('are of this competition, with students of this course', async () => {
    const elsewhere = await makeCourse(system, { students: 1 });
    const other = await makeGraded(elsewhere);
    const [foreign] = elsewhere.students;
    if (!foreign) throw new Error('a student is needed');
    await foreign.submit(other.slug, 'id,label\n');
    const { teams: theirs } = await teamsOf(elsewhere, other.slug).list();
    expect((await move(ada, theirs[0]?.id ?? 0)).problem().type).toBe('not-found');
    expect((await move(foreign, null)).problem().type).toBe('not-found');
    expect((await move(ada, 2_147_483_647)).problem().type).toBe('not-found');
    const { status } = await ada.json(`POST /competitions/${graded.slug}/teams/moves`, {
      userId: ada.id,
      teamId: null,
    });
    expect(status).toBe(403);
  });
});
