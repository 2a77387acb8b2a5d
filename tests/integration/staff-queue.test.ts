import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../core/contract/audit.ts';
import { StaffQueue, type QueueItem } from '../../core/contract/staff-queue.ts';
import { tinyPredictions, makeCompetition } from '../support/competitions.ts';
import { makeGraded } from '../support/graded.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const ids = Array.from({ length: 12 }, (_, row) => `r${row}`);
const probedKey = `id,label\n${ids.map((id, row) => `${id},${row === 0 ? 0 : 1}\n`).join('')}`;
/** Wrong on the rows 0 and `wrong`: any two of them differ in two rows. */
const probe = (wrong: number) => `id,label\n${ids.map((id, row) => `${id},${row === wrong ? 0 : 1}\n`).join('')}`;
const reportAndCode = {
  rubric: [
    { id: 'report', title: 'Report', points: 10 },
    { id: 'code', title: 'Code', points: 5 },
  ],
};

describe('the queue of what needs the staff', () => {
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

  const read = async (query = '') =>
    StaffQueue.parse((await course.ta.call(`GET /courses/${course.slug}/queue${query}`)).body);
  const items = async (): Promise<QueueItem[]> => (await read()).items;
  const settle = async (id: number | null, settled: boolean) =>
    await course.ta.json(`PUT /submissions/${id}/settled`, { settled });

  /** Scored, then broken as if three workers had been lost while it was run again. */
  async function broken(slug: string, who: Person, state: 'failed' | 'scored'): Promise<number> {
    const { id } = await who.submit(slug, tinyPredictions);
    await who.finished(id);
    await system.db.prisma.submission.update({ where: { id }, data: { state, fault: 'no space left on device' } });
    return id;
  }

  it('is empty where nothing is the matter', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    expect(await read()).toEqual({ counts: [], items: [], more: false });
  });

  it('holds what the graders gave up on, also where an earlier score stands, until it is settled or graded again', async () => {
    const slug = await makeCompetition(course);
    const failed = await broken(slug, ada, 'failed');
    const rerunFailed = await broken(slug, ben, 'scored');
    expect(await items()).toMatchObject([
      { kind: 'failed', submissionId: failed, who: ada.name, text: 'no space left on device', competition: slug },
      { kind: 'failed', submissionId: rerunFailed, who: ben.name },
    ]);

    const answer = await settle(failed, true);
    expect(answer.body).toMatchObject({ id: failed, settled: true });
    expect((await items()).map(({ submissionId }) => submissionId)).toEqual([rerunFailed]);
    await settle(failed, false);
    expect(await items()).toHaveLength(2);

    await settle(rerunFailed, true);
    await course.ta.call(`POST /submissions/${rerunFailed}/rerun`);
    await ben.finished(rerunFailed);
    await system.db.prisma.submission.update({ where: { id: rerunFailed }, data: { fault: 'again' } });
    // What a later attempt brings is new, although the earlier one was settled.
    expect((await items()).map(({ text }) => text)).toContain('again');
  });

  it('has one item for a team that probes for labels, which is settled as a whole', async () => {
    const slug = await makeCompetition(course, { key: probedKey });
    const sent: number[] = [];
    for (let wrong = 1; wrong <= 8; wrong++) {
      const { id } = await ada.submit(slug, probe(wrong));
      await ada.finished(id);
      sent.push(id);
    }
    const [item, ...others] = await items();
    expect(others).toEqual([]);
    // The sixth, which is like five before it, and the two after that.
    expect(item).toMatchObject({ kind: 'flagged', count: 3, submissionId: sent.at(-1), who: ada.name });
    expect((await settle(sent.at(-1) ?? 0, true)).status).toBe(200);
    expect(await items()).toEqual([]);
    expect((await settle(sent[0] ?? 0, true)).problem()).toMatchObject({ type: 'conflict' });
    const log = await course.ta.call(`GET /courses/${course.slug}/audit?action=settleSubmission`);
    expect(listAuditEntries.schema.response[200].parse(log.body).entries).toMatchObject([
      { before: { settled: false }, after: { settled: true } },
    ]);
  });

  it('has whose rubric is to be graded, as the gradebook has it, once nothing can be handed in any more', async () => {
    const graded = await makeGraded(course);
    const carl = await course.add('student');
    await graded.submit(ada, 8);
    await graded.submit(ben, 6);
    await graded.setScheme(reportAndCode);
    expect(await items()).toEqual([]);
    await graded.close();
    const agrees = async () => {
      const book = await graded.gradebook();
      const titles = new Map(reportAndCode.rubric.map(({ id, title }) => [id, title]));
      const wanted = book.rows
        .filter(({ unmarked }) => unmarked.length > 0)
        .map(({ userId, unmarked }) => [userId, unmarked.map((id) => titles.get(id)).join(', ')]);
      const found = (await items()).filter(({ kind }) => kind === 'ungraded');
      const byUser = (a: unknown[], b: unknown[]) => Number(a[0]) - Number(b[0]);
      expect(found.map(({ userId, text }) => [userId, text]).toSorted(byUser)).toEqual(wanted.toSorted(byUser));
      return found.map(({ userId }) => userId);
    };
    expect(new Set(await agrees())).toEqual(new Set([ada.id, ben.id]));
    await graded.mark(course.ta, ada, { marks: [{ item: 'report', points: 7 }] });
    await graded.mark(course.ta, carl, { marks: [{ item: 'code', points: 1 }] });
    expect(new Set(await agrees())).toEqual(new Set([ada.id, ben.id, carl.id]));
    await graded.mark(course.ta, ada, { marks: [{ item: 'code', points: 5 }] });
    await course.instructor.json(`PUT /competitions/${graded.slug}/grades/${ben.id}/override`, {
      points: 3,
      reason: 'Agreed.',
    });
    expect(await agrees()).toEqual([carl.id]);
  });

  it('has open regrade requests and paused reruns; is narrowed down by kind and competition, and counts all', async () => {
    const graded = await makeGraded(course);
    await graded.submit(ada, 8);
    await graded.setScheme({ ...reportAndCode, regradeDays: 7 });
    await graded.close();
    await graded.release({ incomplete: true });
    await ada.json(`POST /competitions/${graded.slug}/regrades`, { text: 'Please look again.' });
    const phase = await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug: graded.slug } } });
    const data = { phaseId: phase.id, runCode: false, createdById: course.ta.id, state: 'paused' as const };
    await system.db.prisma.rerunBatch.create({ data });
    const other = await makeCompetition(course);
    const failed = await broken(other, ben, 'failed');

    const all = await read();
    expect(all.items.map(({ kind, who, userId, submissionId }) => [kind, who, userId, submissionId])).toEqual([
      ['failed', ben.name, null, failed],
      ['regrade', ada.name, ada.id, null],
      ['rerun', course.ta.name, null, null],
      ['ungraded', ada.name, ada.id, expect.any(Number)],
    ]);
    expect(all.items[1]?.text).toBe('Please look again.');
    expect((await read('?kind=regrade')).items.map(({ kind }) => kind)).toEqual(['regrade']);
    const narrowed = await read(`?competition=${other}`);
    expect(narrowed.items.map(({ submissionId }) => submissionId)).toEqual([failed]);
    expect(narrowed.counts).toEqual(all.counts);
    expect(all.counts).toContainEqual({ kind: 'ungraded', competition: graded.slug, count: 1 });
    expect(await read('?limit=1')).toMatchObject({ items: [{ kind: 'failed' }], more: true });
  });

  it('is no student’s to see, nor another course’s staff’s, and says nothing of another course', async () => {
    const slug = await makeCompetition(course);
    const id = await broken(slug, ada, 'failed');
    const other = await makeCourse(system, { students: 0 });
    expect((await ada.call(`GET /courses/${course.slug}/queue`)).status).toBe(403);
    expect((await ada.json(`PUT /submissions/${id}/settled`, { settled: true })).status).toBe(403);
    expect((await ben.json(`PUT /submissions/${id}/settled`, { settled: true })).status).toBe(404);
    expect((await other.ta.call(`GET /courses/${course.slug}/queue`)).status).toBe(404);
    expect((await other.ta.json(`PUT /submissions/${id}/settled`, { settled: true })).status).toBe(404);
    expect(StaffQueue.parse((await other.ta.call(`GET /courses/${other.slug}/queue`)).body).items).toEqual([]);
    expect((await ada.call(`GET /submissions/${id}`)).text).not.toMatch(/settled|no space left/);
  });
});
