import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MyTeam } from '../../core/contract/teams.ts';
import { TeamOffer } from '../../core/contract/teamwork.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';
import { teamsOf, type Teams } from '../support/teams.ts';

describe('a team', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;
  let teams: Teams;
  let ada: Person;
  let ben: Person;
  let cat: Person;
  let dan: Person;
  beforeAll(async () => {
    system = await startSystem({ worker: false, environment: mailEnvironment });
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 4 });
    const [a, b, c, d] = course.students;
    if (!a || !b || !c || !d) throw new Error('four students are needed');
    [ada, ben, cat, dan] = [a, b, c, d];
    await open({ maxTeamSize: 3 });
  });

  const open = async (settings: Record<string, unknown>) => {
    slug = await makeCompetition(course, { settings });
    teams = teamsOf(course, slug);
  };
  const edit = async (change: Record<string, unknown>) =>
    expect((await course.instructor.json(`PATCH /competitions/${slug}`, change)).status).toBe(200);
  const namesOf = async (person: Person) => (await teams.of(person)).members.map(({ name }) => name);
  const letters = async (email: string) => await system.db.prisma.mail.findMany({ where: { recipient: email } });

  it('is joined by a link that one of it makes, until that is ended or made anew', async () => {
    expect(await teams.of(ada)).toMatchObject({
      members: [{ name: ada.name, me: true }],
      submitted: false,
      code: null,
    });
    const first = await teams.code(ada);
    const code = await teams.code(ada);
    expect((await teams.join(ben, first)).problem().type).toBe('not-found');
    const offer = await ben.call(`GET /competitions/${slug}/team-codes/${code.toLowerCase()}`);
    expect(TeamOffer.parse(offer.body)).toEqual({ from: ada.name, members: 1, hindrance: null });
    expect((await teams.join(ben, code)).status).toBe(200);
    expect(await namesOf(ada)).toEqual([ada.name, ben.name]);
    expect(await namesOf(ben)).toEqual([ben.name, ada.name]);
    expect((await teams.of(ben)).code).toBe(code);
    const pseudonym = async (person: Person) =>
      MyTeam.parse((await person.call(`GET /competitions/${slug}/team`)).body).pseudonym;
    expect(await pseudonym(ben)).toBe(await pseudonym(ada));
    expect((await ben.call(`DELETE /competitions/${slug}/team/code`)).status).toBe(200);
    expect((await teams.join(cat, code)).problem().type).toBe('not-found');
    const elsewhere = await makeCompetition(course, { settings: { maxTeamSize: 3 } });
    expect((await cat.call(`POST /competitions/${elsewhere}/team-codes/${await teams.code(ada)}`)).status).toBe(404);
  });

  it('is joined by an invitation to an address, which only its owner can answer', async () => {
    expect((await teams.invite(ada, ben.email.toUpperCase())).status).toBe(200);
    const { received } = await teams.of(ben);
    expect(received).toMatchObject([{ from: ada.name, members: 1, merge: false, hindrance: null }]);
    const answer = async (person: Person, what: string) =>
      await person.call(`POST /competitions/${slug}/invitations/${received[0]?.id}/${what}`);
    for (const what of ['accept', 'decline']) {
      expect((await answer(cat, what)).problem().type).toBe('not-found');
      expect((await answer(ada, what)).problem().type).toBe('not-found');
    }
    expect((await answer(ben, 'accept')).status).toBe(200);
    expect(await namesOf(ben)).toEqual([ben.name, ada.name]);
    expect((await teams.of(ada)).invitations).toEqual([]);
    expect((await answer(ben, 'accept')).problem().type).toBe('not-found');
  });

  it('hears nothing of who is behind an address, and sends letters to students of the course alone', async () => {
    const stranger = (await makeCourse(system, { students: 1 })).students[0];
    for (const email of [ben.email, stranger?.email ?? '', course.ta.email, 'nobody@example.edu']) {
      const answer = await teams.invite(ada, email);
      expect(answer.status).toBe(200);
      expect((await teams.of(ada)).invitations.at(-1)).toMatchObject({ email, merge: false, from: ada.name });
      expect(answer.text).not.toContain(ben.name);
    }
    expect(await letters(ben.email)).toMatchObject([
      { text: expect.stringContaining(`https://topk.example.edu/competitions/${slug}/team`) },
    ]);
    for (const email of [stranger?.email ?? '', course.ta.email, 'nobody@example.edu'])
      expect(await letters(email)).toEqual([]);
    expect((await course.ta.call(`GET /competitions/${slug}/teamwork`)).problem().type).toBe('forbidden');
    expect((await teams.invite(ada, ben.email)).problem().detail).toContain('invited already');
    expect((await teams.invite(ada, ada.email)).problem().detail).toContain('in your team already');
    expect((await teams.invite(ada, 'no address')).status).toBe(400);
  });

  it('takes an invitation back, and is declined; neither can be accepted any more', async () => {
    for (const end of ['withdraw', 'decline']) {
      expect((await teams.invite(ada, ben.email)).status).toBe(200);
      const id = (await teams.of(ada)).invitations[0]?.id ?? 0;
      if (end === 'withdraw') {
        expect((await cat.call(`DELETE /competitions/${slug}/team/invitations/${id}`)).status).toBe(404);
        expect((await ada.call(`DELETE /competitions/${slug}/team/invitations/${id}`)).status).toBe(200);
      } else expect((await ben.call(`POST /competitions/${slug}/invitations/${id}/decline`)).status).toBe(200);
      expect((await teams.of(ben)).received).toEqual([]);
      expect((await teams.of(ada)).invitations).toEqual([]);
      expect((await ben.call(`POST /competitions/${slug}/invitations/${id}/accept`)).status).toBe(404);
    }
    // One letter a day from one team, however often it invites.
    expect(await letters(ben.email)).toHaveLength(1);
  });

  it('invites no more than twenty times a day', async () => {
    for (let i = 0; i < 20; i++) expect((await teams.invite(ada, `nobody-${i}@example.edu`)).status).toBe(200);
    expect((await teams.invite(ada, ben.email)).problem().type).toBe('too-many-requests');
    expect((await teams.join(ben, await teams.code(ada))).status).toBe(200);
  });

  it('is never larger than it may be, however many accept at once', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, async () => await course.add('student')));
    for (const { email } of many) await teams.invite(ada, email);
    const code = await teams.code(ada);
    const answers = await Promise.all(
      many.map(async (person, i) => await (i % 2 === 0 ? teams.accept(person) : teams.join(person, code))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    for (const refused of answers.filter(({ status }) => status !== 200))
      expect(refused.problem()).toMatchObject({ type: 'conflict', detail: expect.stringContaining('no more than 3') });
    expect((await teams.list()).teams[0]?.members).toHaveLength(3);
    expect((await teams.of(ada)).hindrances.invite).toContain('full');
    expect((await teams.invite(ada, dan.email)).problem().detail).toContain('full');
    const waiting = many.find((_person, i) => answers[i]?.status !== 200 && i % 2 === 0);
    expect(waiting && (await teams.of(waiting)).received[0]?.hindrance).toContain('no more than 3');
  });

  it('has room again for who comes in the place of a student who was dropped', async () => {
    await teams.together(ada, ben, cat);
    expect((await course.instructor.call(`DELETE /courses/${course.slug}/members/${ben.id}`)).status).toBeLessThan(300);
    expect(await namesOf(ada)).toEqual([ada.name, cat.name]);
    expect((await teams.join(dan, await teams.code(ada))).status).toBe(200);
    expect((await teams.list()).teams[0]?.members).toContainEqual(
      expect.objectContaining({ userId: ben.id, current: false }),
    );
  });

  it('of several there is none where everybody is alone', async () => {
    await edit({ maxTeamSize: 1 });
    const { hindrances } = await teams.of(ada);
    expect(hindrances.invite).toContain('everybody is alone');
    expect((await teams.invite(ada, ben.email)).problem().detail).toBe(hindrances.invite);
  });

  it('can’t be changed from the lock date on, nor after the first due time whatever the lock date', async () => {
    await teams.together(ada, ben);
    const code = await teams.code(ada);
    await teams.invite(ada, cat.email);
    const past = new Date(Date.now() - 60_000).toISOString();
    const later = new Date(Date.now() + 10 * hourMs).toISOString();
    for (const change of [{ teamsLockAt: past }, { teamsLockAt: later, dueAt: past }, { teamsLockAt: null }]) {
      await edit(change);
      expect((await teams.of(ada)).locksAt).toBe(past);
      const refused = [
        await teams.invite(ada, dan.email),
        await teams.accept(cat),
        await teams.join(cat, code),
        await teams.leave(ben),
        await ada.call(`POST /competitions/${slug}/team/code`),
      ];
      for (const answer of refused) expect(answer.problem()).toMatchObject({ type: 'deadline-passed', status: 403 });
    }
    const { hindrances } = await teams.of(ben);
    expect(Object.values(hindrances).every((why) => why?.startsWith('Teams could be changed until'))).toBe(true);
    expect((await cat.call(`GET /competitions/${slug}/team-codes/${code}`)).text).toContain('could be changed until');
    await edit({ dueAt: later, teamsLockAt: null });
    expect((await teams.accept(cat)).status).toBe(200);
  });

  it('is left before its first submission, and not after', async () => {
    expect((await teams.leave(ada)).problem().detail).toContain('alone');
    await teams.together(ada, ben, cat);
    expect((await teams.leave(cat)).status).toBe(200);
    expect(await namesOf(cat)).toEqual([cat.name]);
    expect(await namesOf(ada)).toEqual([ada.name, ben.name]);
    expect((await teams.join(cat, await teams.code(ada))).status).toBe(200);
    await ben.submit(slug, tinyPredictions);
    for (const person of [ada, ben, cat])
      expect((await teams.leave(person)).problem()).toMatchObject({
        type: 'conflict',
        detail: expect.stringContaining('after the first one nobody leaves'),
      });
    expect((await teams.of(ada)).hindrances.leave).toContain('Ask the staff');
    // Who comes later is as bound as the others.
    expect((await teams.of(cat)).submitted).toBe(true);
  });

  it('is left, or has its first submission, never both', async () => {
    for (let round = 0; round < 8; round++) {
      await open({ maxTeamSize: 2 });
      await teams.together(ada, ben);
      const [left, sent] = await Promise.all([
        teams.leave(ben),
        ben.upload(`POST /competitions/${slug}/submissions`, tinyPredictions),
      ]);
      expect([202, 409], sent.text).toContain(sent.status);
      const submission = await system.db.prisma.submission.findFirst({
        where: { userId: ben.id, phase: { competition: { slug } } },
      });
      const team = await system.db.prisma.teamMember.findFirst({ where: { userId: ben.id, competition: { slug } } });
      expect(submission !== null).toBe(sent.status === 202);
      if (submission) expect(submission.teamId).toBe(team?.teamId);
      const together = await namesOf(ada);
      expect(together).toHaveLength(left.status === 200 ? 1 : 2);
      if (left.status !== 200) expect(sent.status).toBe(202);
    }
  });

  it('is told a student who was staff for a while as theirs again', async () => {
    await teams.together(ada, ben);
    const role = async (name: string) =>
      await course.instructor.json(`POST /courses/${course.slug}/members`, {
        email: ben.email,
        name: ben.name,
        role: name,
      });
    expect((await role('ta')).status).toBeLessThan(300);
    await ben.submit(slug, tinyPredictions);
    expect(await namesOf(ada)).toEqual([ada.name]);
    expect((await role('student')).status).toBeLessThan(300);
    await ben.submit(slug, tinyPredictions);
    expect(await namesOf(ada)).toEqual([ada.name, ben.name]);
    const kinds = await system.db.prisma.submission.findMany({
      where: { userId: ben.id, phase: { competition: { slug } } },
      include: { team: true },
      orderBy: { id: 'asc' },
    });
    expect(kinds.map(({ team }) => team.kind)).toEqual(['staff', 'students']);
  });

  it('is nothing that classmates outside of it hear of', async () => {
    await teams.together(ada, ben);
    await teams.invite(ada, dan.email);
    await ada.submit(slug, tinyPredictions);
    const code = await teams.code(ben);
    for (const call of ['teamwork', 'team', 'leaderboard', 'submissions', `team-codes/${code}`]) {
      const { text } = await cat.call(`GET /competitions/${slug}/${call}`);
      expect(text).not.toContain(ada.name);
      expect(text).not.toMatch(new RegExp([ada, ben, dan].map(({ email }) => email).join('|')));
      // Whose link it is, is told to who has it.
      if (!call.includes(code)) expect(text).not.toContain(ben.name);
    }
    expect((await cat.call(`GET /competitions/${slug}/teams`)).status).toBe(403);
    expect((await dan.call(`GET /competitions/${slug}/teamwork`)).text).not.toContain(ben.name);
  });
});
