import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyPreview, type KeyMove } from '../../core/contract/key-previews.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { makeCompetition, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { allFinished } from '../support/truth.ts';

/** On the public rows a and b: other labels, so that what was right is wrong. */
const otherKey = 'id,label,Usage\na,1,Public\nb,0,Public\nc,2,Private\nd,3,Private\n';
const firstRight = 'id,label\na,0\nb,1\nc,2\nd,0\n';
const firstWrong = 'id,label\na,1\nb,0\nc,2\nd,3\n';

describe('the preview of an answer key', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 3 });
  });
  afterAll(async () => await system.stop());

  const send = async (slug: string, key: string) =>
    await course.instructor.upload(`POST /competitions/${slug}/answer-key/previews`, key, 'solution.csv');
  const read = async (slug: string, id: number) =>
    KeyPreview.parse((await course.instructor.call(`GET /competitions/${slug}/answer-key/previews/${id}`)).body);
  const ready = async (slug: string, key: string) => {
    const answer = await send(slug, key);
    expect(answer.status, answer.text).toBe(202);
    const { id } = KeyPreview.parse(answer.body);
    return await until('the preview is ready', 120_000, async () => {
      const preview = await read(slug, id);
      if (preview.state !== 'ready') throw new Error(JSON.stringify(preview));
      return preview;
    });
  };
  const apply = async (slug: string, id: number) =>
    await course.instructor.call(`POST /competitions/${slug}/answer-key/previews/${id}/apply`);
  const board = async (slug: string, name: string) =>
    Leaderboard.parse((await course.ta.call(`GET /competitions/${slug}/leaderboard?board=${name}`)).body).rows;
  const scored = async (who: Person | undefined, slug: string, content: string) => {
    const { id } = (await who?.submit(slug, content)) ?? { id: 0 };
    await who?.finished(id);
    return id;
  };
  const ranks = (moves: readonly KeyMove[] | undefined) =>
    moves?.map(({ members, before, after }) => [
      members[0]?.name,
      before?.rank,
      before?.value,
      after?.rank,
      after?.value,
    ]);
  /** All that a preview might change by mistake. */
  const everything = async (slug: string) => {
    const { prisma } = system.db;
    const where = { phase: { competition: { slug } } };
    return [
      await prisma.phase.findMany({ where: { competition: { slug } } }),
      await prisma.submission.findMany({ where, include: { hits: true }, orderBy: { id: 'asc' } }),
      await prisma.standing.findMany({ where, orderBy: [{ board: 'asc' }, { teamId: 'asc' }] }),
      await prisma.answerKey.findMany({ where }),
    ];
  };

  it('tells who would move on both boards and changes nothing; applied, it comes true', async () => {
    const slug = await makeCompetition(course);
    const [ada, bob, eve] = course.students;
    const best = await scored(ada, slug, firstRight);
    await scored(bob, slug, firstWrong);
    await scored(eve, slug, tinyPredictions);
    // What was rejected may be right by another key, and is scored with it as well.
    await scored(eve, slug, 'id,label\na,9\nb,0\nc,2\nd,3\nx,1\n');
    const before = await everything(slug);
    const preview = await ready(slug, otherKey);
    expect(await everything(slug)).toEqual(before);
    expect(preview).toMatchObject({ total: 4, done: 4, unknown: 0, rows: 4, publicRows: 2, privateRows: 2 });
    expect(ranks(preview.moves?.public)).toEqual([
      [bob?.name, 3, 0, 1, 1],
      [eve?.name, 2, 0.5, 2, 0.5],
      [ada?.name, 1, 1, 3, 0],
    ]);
    expect(preview.moves?.public[2]?.before?.submissionId).toBe(best);
    expect(ranks(preview.moves?.private)).toEqual([
      [bob?.name, 1, 1, 1, 1],
      [ada?.name, 2, 0.5, 2, 0.5],
      [eve?.name, 3, 0.5, 3, 0.5],
    ]);

    const applied = await apply(slug, preview.id);
    expect([applied.status, applied.body]).toEqual([
      200,
      expect.objectContaining({ version: preview.version, rescoring: 4 }),
    ]);
    await allFinished(system.db.pool);
    for (const name of ['public', 'private'] as const)
      expect((await board(slug, name)).map((row) => [row.members?.[0]?.name, row.rank, row.value])).toEqual(
        preview.moves?.[name].map(({ members, after }) => [members[0]?.name, after?.rank, after?.value]),
      );
    expect((await apply(slug, preview.id)).problem().detail).toBe(
      'This preview is applied; only one that is ready can be applied.',
    );
  });

  it('follows the rule of the phase, and leaves out what is disqualified', async () => {
    const slug = await makeCompetition(course, { settings: { counts: 'last' } });
    const [ada, bob] = course.students;
    await scored(ada, slug, firstWrong);
    const last = await scored(ada, slug, firstRight);
    const out = await scored(bob, slug, firstWrong);
    await course.ta.json(`POST /submissions/${out}/disqualify`, { reason: 'No.' });
    const { moves } = await ready(slug, otherKey);
    expect(moves?.public).toMatchObject([
      { before: { rank: 1, value: 1, submissionId: last }, after: { rank: 1, value: 0, submissionId: last } },
    ]);
  });

  it('is refused where the key has errors, and can’t be applied after another key', async () => {
    const slug = await makeCompetition(course);
    const bad = (await send(slug, 'id,label\na,1\na,2\n')).problem();
    expect([bad.type, bad.errors?.[0]?.line]).toEqual(['answer-key-rejected', 3]);
    const first = await ready(slug, otherKey);
    const second = await ready(slug, otherKey);
    expect(await read(slug, first.id)).toMatchObject({ state: 'discarded' });
    expect((await apply(slug, first.id)).problem().type).toBe('conflict');
    const changed = tinyKey.replace('a,0', 'a,3');
    await course.instructor.upload(`PUT /competitions/${slug}/answer-key`, changed, 'solution.csv');
    expect((await apply(slug, second.id)).problem().detail).toBe(
      'Another answer key was put in force since this preview was made. Make a new one.',
    );
    const elsewhere = await makeCompetition(course);
    expect((await apply(elsewhere, second.id)).status).toBe(404);
  });

  it('goes on where it was after its worker was lost', async () => {
    await system.pauseWorkers();
    const slug = await makeCompetition(course);
    const { id } = (await course.students[0]?.submit(slug, firstRight)) ?? { id: 0 };
    const { prisma } = system.db;
    const scores = { public: {}, private: {} };
    await prisma.submission.update({ where: { id }, data: { state: 'scored', finishedAt: new Date(), scores } });
    const { id: previewId } = KeyPreview.parse((await send(slug, otherKey)).body);
    // As if that worker had kept one score, and nothing more had been heard of it.
    await prisma.keyPreviewScore.create({
      data: { previewId, submissionId: id, publicValue: 0.25, privateValue: null },
    });
    await prisma.keyPreview.update({ where: { id: previewId }, data: { leaseUntil: new Date(Date.now() - 1000) } });
    await system.startWorker();
    const preview = await until('it is ready', 120_000, async () => {
      const found = await read(slug, previewId);
      return found.state === 'ready' && found;
    });
    expect(preview.moves?.public).toMatchObject([{ before: null, after: { value: 0.25 } }]);
  });
});
