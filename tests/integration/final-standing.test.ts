import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../core/contract/audit.ts';
import { exportFinalStandingWithNames, FinalDocument, FinalStandingView } from '../../core/contract/final-standing.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { freezeRevealed } from '../../core/final-standing/freeze.ts';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

/** Of the two public rows and the two private ones so many are right. */
function right(onPublic: number, onPrivate: number): string {
  const labels = [onPublic > 0 ? 0 : 3, onPublic > 1 ? 1 : 3, onPrivate > 0 ? 2 : 0, onPrivate > 1 ? 3 : 0];
  return `id,label\n${labels.map((label, row) => `${'abcd'[row]},${label}\n`).join('')}`;
}

describe('the final standing', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
  });
  afterAll(async () => await system.stop());

  const scored = async (who: Person, slug: string, onPublic: number, onPrivate: number) => {
    const { id } = await who.submit(slug, right(onPublic, onPrivate));
    await who.finished(id);
    return id;
  };
  const final = async (who: Person, slug: string) => {
    const answer = await who.call(`GET /competitions/${slug}/final`);
    expect(answer.status, answer.text).toBe(200);
    return FinalStandingView.parse(answer.body);
  };
  const frozen = async (who: Person, slug: string, version = 1) =>
    await until(`version ${version} of the final standing`, 120_000, async () => {
      const view = await final(who, slug);
      return view.final?.version === version ? view : undefined;
    });
  const board = async (who: Person, slug: string) => {
    const answer = await who.call(`GET /competitions/${slug}/leaderboard?board=private`);
    return answer.status === 200 ? Leaderboard.parse(answer.body).rows : undefined;
  };
  const close = async (slug: string, revealAt: number | null) => {
    const answer = await course.instructor.json(`PATCH /competitions/${slug}`, {
      dueAt: new Date(Date.now() - 60_000).toISOString(),
      revealAt: revealAt === null ? null : new Date(revealAt).toISOString(),
    });
    expect(answer.status, answer.text).toBe(200);
  };
  /** Ada leads on the public board, Ben on the private one. */
  const played = async () => {
    const slug = await makeCompetition(course);
    return { slug, adas: await scored(ada, slug, 2, 1), bens: await scored(ben, slug, 1, 2) };
  };

  it('is frozen by itself after the reveal, with the ranks of both boards and a hash that anybody can check', async () => {
    const { slug, adas, bens } = await played();
    expect(await final(ada, slug)).toEqual({ competition: slug, phase: 'main', revealed: false, final: null });
    await close(slug, null);
    const { final: version } = await frozen(ada, slug);

    const download = await ada.call(`GET /competitions/${slug}/final.json`);
    expect(createHash('sha256').update(download.text).digest('hex')).toBe(version?.hash);
    const document = FinalDocument.parse(JSON.parse(download.text));
    expect(document.rows.map(({ rank, publicRank, value }) => [rank, publicRank, value])).toEqual([
      [1, 2, 1],
      [2, 1, 0.5],
    ]);
    // Nothing of who it is.
    expect(download.text).not.toContain('Secretname');
    expect(download.text).not.toContain('secret-mail');
    expect(download.text).not.toMatch(/submission|received|team/);
    const shown = await until('the revealed board', 120_000, async () => await board(ben, slug));
    expect(shown.map(({ rank, publicRank, name }) => [rank, publicRank, name])).toEqual(
      document.rows.map(({ rank, publicRank, name }) => [rank, publicRank, name]),
    );

    const csv = await course.ta.call(`GET /competitions/${slug}/final.csv`);
    expect(csv.text.split('\r\n').map((line) => line.split(',').slice(0, 2).join())).toEqual([
      'rank,public_rank',
      '1,2',
      '2,1',
      '',
    ]);
    expect(csv.text).toContain(`${ben.name},${ben.email}`);
    expect(csv.text.indexOf(`,${bens},`)).toBeLessThan(csv.text.indexOf(`,${adas},`));
    expect((await ada.call(`GET /competitions/${slug}/final.csv`)).status).toBe(403);

    const url = `GET /competitions/${slug}/final-with-names.json`;
    const named = await course.ta.call(url);
    const { hash, rows, ...kept } = exportFinalStandingWithNames.schema.response[200].parse(named.body);
    expect([kept.version, hash]).toEqual([1, version?.hash]);
    expect(
      rows.map(({ rank, publicRank, value, members, submissionId }) => ({
        rank,
        publicRank,
        value,
        members,
        submissionId,
      })),
    ).toEqual([
      { rank: 1, publicRank: 2, value: 1, members: [{ name: ben.name, email: ben.email }], submissionId: bens },
      { rank: 2, publicRank: 1, value: 0.5, members: [{ name: ada.name, email: ada.email }], submissionId: adas },
    ]);
    expect(named.text).not.toContain('teamId');
    const refused = await ada.call(url);
    expect([refused.status, refused.text.includes(ben.name)]).toEqual([403, false]);
    // Of a board that is too small to be shown, the hash would let a student try out whose score is whose.
    await course.instructor.json(`PATCH /competitions/${slug}`, { showSmallBoards: false });
    expect(await final(ada, slug)).toEqual({ competition: slug, phase: 'main', revealed: false, final: null });
    expect((await ada.call(`GET /competitions/${slug}/final.json`)).problem().type).toBe('board-hidden');
    expect((await final(course.ta, slug)).final).toEqual(version);
  });

  it('stays for students as it is where a score changes, until staff freeze anew; each version is kept', async () => {
    const { slug, bens } = await played();
    await close(slug, null);
    const first = await frozen(course.ta, slug);
    expect(first.forStaff).toMatchObject({ waiting: 0, differs: false, versions: [{ version: 1, frozenBy: null }] });
    const before = await until('the revealed board', 120_000, async () => await board(ada, slug));

    expect((await course.ta.json(`POST /submissions/${bens}/disqualify`, { reason: 'A copy.' })).status).toBe(200);
    const now = await final(course.ta, slug);
    expect([now.final, now.forStaff?.differs]).toEqual([first.final, true]);
    expect(await board(ada, slug)).toEqual(before);
    expect(await board(course.ta, slug)).toHaveLength(1);

    const anew = `POST /competitions/${slug}/final`;
    expect((await course.instructor.json(anew, { reason: ' ' })).problem().type).toBe('validation-failed');
    const second = await course.instructor.json(anew, { reason: 'One was a copy.' });
    expect(second.status, second.text).toBe(201);
    const { final: version, forStaff } = FinalStandingView.parse(second.body);
    expect([version?.version, forStaff?.differs]).toEqual([2, false]);
    expect(forStaff?.versions.map(({ hash, frozenBy, reason }) => [hash, frozenBy, reason])).toEqual([
      [version?.hash, course.instructor.name, 'One was a copy.'],
      [first.final?.hash, null, ''],
    ]);
    await until('the board of the second version', 120_000, async () => (await board(ada, slug))?.length === 1);
    const audit = await course.ta.call(`GET /courses/${course.slug}/audit?action=freezeFinalStanding&limit=1`);
    expect(listAuditEntries.schema.response[200].parse(audit.body).entries).toMatchObject([
      {
        before: { version: 1, hash: first.final?.hash },
        after: { version: 2, hash: version?.hash, reason: 'One was a copy.' },
      },
    ]);
  });

  it('is not frozen while anything waits, and then once, however many workers do it', async () => {
    const other = await startSystem({ worker: false });
    try {
      const small = await makeCourse(other, { students: 1 });
      const slug = await makeCompetition(small);
      const [student] = small.students;
      const worker = await other.startWorker();
      const { id } = (await student?.submit(slug, right(1, 1))) ?? { id: 0 };
      await student?.finished(id);
      await worker.close();
      await student?.submit(slug, right(2, 2));
      const dueAt = new Date(Date.now() - 60_000).toISOString();
      await small.instructor.json(`PATCH /competitions/${slug}`, { dueAt });
      const { pool, prisma } = other.db;
      expect(await freezeRevealed(pool)).toEqual([]);
      const refused = await small.instructor.json(`POST /competitions/${slug}/final`, { reason: 'Now.' });
      expect(refused.problem().detail).toBe(
        'Some submissions of the phase wait or run. Freeze the board once they are graded.',
      );
      await prisma.submission.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled' } });
      const phases = await Promise.all(Array.from({ length: 4 }, async () => await freezeRevealed(pool)));
      expect(phases.flat()).toHaveLength(1);
      expect(await prisma.finalStanding.count()).toBe(1);
      expect(await prisma.finalPlace.count()).toBe(1);
    } finally {
      await other.stop();
    }
  });

  it('follows a reveal by hand, which is refused while anybody may still submit', async () => {
    const { slug } = await played();
    const reveal = async (who: Person) => await who.call(`POST /competitions/${slug}/reveal`);
    const early = (await reveal(course.instructor)).problem();
    expect(early.type).toBe('conflict');
    expect(early.detail).toMatch(/^Somebody may still submit until .+, extensions included, and would know/);

    await close(slug, Date.now() + hourMs);
    const extended = await course.ta.json(`POST /competitions/${slug}/extensions`, {
      userId: ben.id,
      dueAt: new Date(Date.now() + hourMs / 2).toISOString(),
      reason: 'ill',
    });
    expect(extended.status, extended.text).toBe(201);
    expect((await reveal(course.instructor)).status).toBe(409);
    await system.db.prisma.extension.deleteMany({});
    expect(await board(ada, slug)).toBeUndefined();
    expect((await ada.call(`GET /competitions/${slug}/final.json`)).problem().type).toBe('board-hidden');

    expect((await reveal(course.ta)).status).toBe(403);
    const done = await reveal(course.instructor);
    expect(done.status, done.text).toBe(200);
    await frozen(ada, slug);
    await until('the revealed board', 120_000, async () => (await board(ada, slug))?.length === 2);
    expect((await reveal(course.instructor)).problem().detail).toBe('Students see the private board already.');
    const audit = await course.ta.call(`GET /courses/${course.slug}/audit?action=revealPrivateBoard`);
    expect(listAuditEntries.schema.response[200].parse(audit.body).entries).toMatchObject([
      { actor: { userId: course.instructor.id }, subject: `competition ${slug}, phase main` },
    ]);
  });

  it('is none where nobody is on the board', async () => {
    const slug = await makeCompetition(course);
    await close(slug, null);
    const refused = await course.instructor.json(`POST /competitions/${slug}/final`, { reason: 'Now.' });
    expect(refused.problem().detail).toBe('Nobody is on the private board: there is nothing to freeze.');
    const missing = (await course.ta.call(`GET /competitions/${slug}/final.json`)).problem();
    expect([missing.type, missing.detail]).toEqual([
      'not-found',
      'The final standing is not frozen yet. That is done after the reveal, once everything is graded.',
    ]);
  });
});
