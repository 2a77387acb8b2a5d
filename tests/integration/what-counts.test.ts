import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rows, transaction } from '../../core/db/sql.ts';
import { keepStanding, lockTeam } from '../../core/submissions/standing.ts';
import { listAuditEntries } from '../../core/contract/audit.ts';
import type { CountingRule } from '../../core/contract/counting.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { countedOn, type Countable } from '../support/counted.ts';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

/** Of the two public rows and the two private ones so many are right. */
function right(onPublic: number, onPrivate: number): string {
  const labels = [onPublic > 0 ? 0 : 3, onPublic > 1 ? 1 : 3, onPrivate > 0 ? 2 : 0, onPrivate > 1 ? 3 : 0];
  return `id,label\n${labels.map((label, row) => `${'abcd'[row]},${label}\n`).join('')}`;
}

describe('what counts', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 3 });
  });
  afterAll(async () => await system.stop());

  function student(index: number): Person {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  }
  const scored = async (who: Person, slug: string, onPublic: number, onPrivate: number) => {
    const { id } = await who.submit(slug, right(onPublic, onPrivate));
    await who.finished(id);
    return id;
  };
  const countsOn = async (id: number) =>
    Submission.parse((await course.ta.call(`GET /submissions/${id}`)).body).countsOn;
  /** Which submission of a phase's only team counts on the public board, and which on the private one. */
  const counted = async (slug: string) => {
    const boards = await Promise.all(
      ['public', 'private'].map(
        async (board) => (await course.ta.call(`GET /competitions/${slug}/leaderboard?board=${board}`)).body,
      ),
    );
    return boards.map((board) => Leaderboard.parse(board).rows.map(({ submissionId }) => submissionId));
  };
  const rule = async (slug: string, counts: CountingRule) => {
    const answer = await course.instructor.json(`PATCH /competitions/${slug}`, { counts });
    expect(answer.status, answer.text).toBe(200);
  };
  const choose = async (who: Person, id: number, selected = true) =>
    await who.json(`PUT /submissions/${id}/selection`, { selected });

  it('changes with the rule of the phase, at once and for what is scored later', async () => {
    const slug = await makeCompetition(course);
    const first = await scored(student(0), slug, 2, 0);
    const second = await scored(student(0), slug, 1, 2);
    const third = await scored(student(0), slug, 0, 1);
    expect(await counted(slug)).toEqual([[first], [second]]);
    await rule(slug, 'last');
    expect(await countsOn(third)).toEqual(['public', 'private']);
    expect(await countsOn(first)).toEqual([]);
    const fourth = await scored(student(0), slug, 1, 0);
    expect(await countsOn(third)).toEqual([]);
    expect(await countsOn(fourth)).toEqual(['public', 'private']);
    await rule(slug, 'selected');
    expect(await countsOn(first)).toEqual(['public', 'private']);
    expect((await choose(student(0), second)).status).toBe(200);
    expect(await countsOn(first)).toEqual(['public']);
    expect(await countsOn(second)).toEqual(['private']);
    await rule(slug, 'best');
    expect(await countsOn(first)).toEqual(['public']);
    expect(await countsOn(second)).toEqual(['private']);
  });

  it('is up to n submissions that the team selects, until the phase closes', async () => {
    const slug = await makeCompetition(course, { settings: { counts: 'selected', selectMax: 2 } });
    const ids = [await scored(student(0), slug, 2, 0), await scored(student(0), slug, 1, 1)];
    const third = await scored(student(0), slug, 0, 2);
    const [first = 0, second = 0] = ids;
    for (const id of ids) expect((await choose(student(0), id)).body).toMatchObject({ id, selected: true });
    expect((await choose(student(0), first)).status).toBe(200);
    const refused = (await choose(student(0), third)).problem();
    expect([refused.type, refused.detail]).toEqual([
      'conflict',
      `Your team has already selected submissions ${first}, ${second}, and no more than 2 may be. Take one of them back first.`,
    ]);
    expect(await countsOn(second)).toEqual(['private']);
    expect((await choose(student(0), first, false)).body).toMatchObject({ selected: false });
    expect((await choose(student(0), third)).status).toBe(200);
    expect(await countsOn(third)).toEqual(['private']);
    // What it is on the private board is not told before the reveal.
    expect((await student(0).call(`GET /submissions/${third}`)).body).toMatchObject({ countsOn: [] });
    expect((await choose(student(1), third)).status).toBe(404);

    await course.instructor.json(`PATCH /competitions/${slug}`, {
      opensAt: new Date(Date.now() - hourMs).toISOString(),
      dueAt: new Date(Date.now() - 60_000).toISOString(),
    });
    expect((await choose(student(0), third, false)).problem().type).toBe('deadline-passed');
    expect((await student(0).call(`GET /submissions/${third}`)).body).toMatchObject({ countsOn: ['private'] });
    // Staff may still, and it is written down.
    expect((await choose(course.ta, third, false)).status).toBe(200);
    const audit = await course.ta.call(`GET /courses/${course.slug}/audit?action=selectSubmission`);
    expect(audit.body).toMatchObject({
      entries: [{ actor: { userId: course.ta.id }, before: { selected: true }, after: { selected: false } }],
    });
  });

  it('is nothing that has no score, and nothing is selected where the best counts', async () => {
    const slug = await makeCompetition(course, { settings: { counts: 'selected' } });
    const { id } = await student(0).submit(slug, 'id,label\nx,1\n');
    await student(0).finished(id);
    expect((await choose(student(0), id)).problem().detail).toBe(
      `Submission ${id} has no score. Select one that was scored.`,
    );
    await rule(slug, 'best');
    expect((await choose(student(0), id)).problem().detail).toBe(
      'In this phase the best submission of a team counts; there is nothing to select.',
    );
    expect((await student(0).json(`PUT /submissions/${id}/selection`, {})).status).toBe(400);
  });

  it('is never more than n, however many are selected at once', async () => {
    const slug = await makeCompetition(course, { settings: { counts: 'selected', selectMax: 3 } });
    const ids: number[] = [];
    for (let i = 0; i < 8; i++) ids.push(await scored(student(0), slug, 1, 1));
    const answers = await Promise.all(ids.map(async (id) => await choose(student(0), id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await system.db.prisma.submission.count({ where: { id: { in: ids }, selectedAt: { not: null } } })).toBe(3);
  });

  it('is not what staff disqualified: its team sees that and why, and it stays charged', async () => {
    const slug = await makeCompetition(course, { settings: { totalLimit: 2 } });
    const good = await scored(student(0), slug, 2, 2);
    const other = await scored(student(0), slug, 1, 1);
    const reason = 'It was trained on the test data.';
    expect((await student(0).json(`POST /submissions/${good}/disqualify`, { reason })).status).toBe(403);
    expect((await course.ta.json(`POST /submissions/${good}/disqualify`, { reason: '  ' })).status).toBe(400);
    expect((await course.ta.json(`POST /submissions/${good}/disqualify`, { reason })).status).toBe(200);
    expect(await counted(slug)).toEqual([[other], [other]]);
    expect((await student(0).call(`GET /submissions/${good}`)).body).toMatchObject({
      state: 'scored',
      countsOn: [],
      disqualified: { reason, at: expect.stringMatching(/Z$/) },
    });
    const again = await student(0).upload(`POST /competitions/${slug}/submissions`, right(0, 0));
    expect(again.problem().type).toBe('limit-reached');
    // A rerun does not bring it back.
    await course.ta.call(`POST /submissions/${good}/rerun`);
    await course.ta.finished(good);
    expect(await countsOn(good)).toEqual([]);

    const better = 'It is a copy of another team’s.';
    await course.ta.json(`POST /submissions/${good}/disqualify`, { reason: better });
    expect((await course.ta.call(`POST /submissions/${good}/restore`)).status).toBe(200);
    expect(await counted(slug)).toEqual([[good], [good]]);
    const none = (await course.ta.call(`POST /submissions/${good}/restore`)).problem();
    expect([none.type, none.detail]).toEqual([
      'conflict',
      `Submission ${good} is not disqualified; there is nothing to restore.`,
    ]);
    const { body } = await course.ta.call(`GET /courses/${course.slug}/audit`);
    const { entries } = listAuditEntries.schema.response[200].parse(body);
    const acts = entries.filter(({ action }) => /^(disqualify|restore)Submission$/.test(action));
    expect(acts.map(({ before, after }) => [before, after]).toReversed()).toEqual([
      [{ disqualified: null }, { disqualified: reason }],
      [{ disqualified: reason }, { disqualified: better }],
      [{ disqualified: better }, { disqualified: null }],
    ]);
  });

  it('leaves a team off the boards whose only submission is disqualified', async () => {
    const slug = await makeCompetition(course, { settings: { counts: 'last' } });
    const id = await scored(student(0), slug, 2, 2);
    await course.ta.json(`POST /submissions/${id}/disqualify`, { reason: 'No.' });
    expect(await counted(slug)).toEqual([[], []]);
  });

  it('is what the rules say, of any submissions, received in any order', async () => {
    const { prisma, pool } = system.db;
    const slug = await makeCompetition(course);
    await student(0).submit(slug, right(1, 1));
    const phase = await prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
    const userId = student(0).id;
    const random = seeded(4);
    for (let round = 0; round < 120; round++) {
      const team = await prisma.team.create({
        data: { competitionId: phase.competitionId, pseudonym: `Round ${round}` },
      });
      const all: Countable[] = [];
      for (let i = random(7); i > 0; i--) {
        const [onPublic, onPrivate] = [random(4) / 4, random(4) / 4].map((value) => (random(6) === 0 ? null : value));
        const each = { receivedAt: random(3), selected: random(3) === 0, disqualified: random(5) === 0 };
        const { id } = await prisma.submission.create({
          data: {
            phaseId: phase.id,
            teamId: team.id,
            userId,
            fileName: 'a.csv',
            fileHash: '',
            fileBytes: 0,
            priority: 1,
            state: 'scored',
            receivedAt: new Date(each.receivedAt),
            publicValue: onPublic ?? null,
            privateValue: onPrivate ?? null,
            selectedAt: each.selected ? new Date() : null,
            disqualifiedAt: each.disqualified ? new Date() : null,
          },
        });
        all.push({ id, public: onPublic ?? null, private: onPrivate ?? null, ...each });
      }
      for (const counts of ['best', 'last', 'selected'] as const) {
        await prisma.phase.update({ where: { id: phase.id }, data: { counts } });
        await transaction(pool, async (client) => {
          await lockTeam(client, team.id);
          await keepStanding(client, phase.id, team.id);
        });
        const kept = await rows(
          pool,
          z.object({ board: z.string(), id: z.number() }),
          'select board::text, submission_id as id from standing where phase_id = $1 and team_id = $2 order by standing.board',
          [phase.id, team.id],
        );
        const expected = (['public', 'private'] as const).flatMap((board) => {
          const id = countedOn(board, counts, all);
          return id === undefined ? [] : [{ board, id }];
        });
        expect(kept, `${counts} of ${JSON.stringify(all)}`).toEqual(expected);
      }
    }
  });
});

/** Whole numbers from 0, the same ones each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
