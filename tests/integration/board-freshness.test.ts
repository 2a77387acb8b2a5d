import type { QueryConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBoards } from '../../api/leaderboard/boards.ts';
import { createChangeHub } from '../../api/live/hub.ts';
import type { Queryable } from '../../core/db/sql.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('a board that is kept', () => {
  let system: System;
  let course: TestCourse;
  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 1 });
  });
  afterAll(async () => await system.stop());

  it('holds every change that was heard, also for who asks while it is being read', async () => {
    const slug = await makeCompetition(course);
    const receipt = await course.students[0]?.submit(slug, tinyPredictions);
    await course.instructor.finished(receipt?.id ?? 0);
    const { id: phaseId } = await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
    const { pool } = system.db;

    // Postgres, of which an answer can be held back once it has been computed.
    let held: Promise<void> = Promise.resolve();
    let answers = 0;
    const query = async (statement: QueryConfig) => {
      const answer = await pool.query(statement);
      answers++;
      await held;
      return answer;
    };
    const slow: Queryable = Object.assign(Object.create(pool), { query });
    const hub = createChangeHub();
    const boards = createBoards(slow, hub);
    const best = async () => (await boards.current(phaseId, 'public')).snapshot.rows[0]?.value;
    expect(await best()).toBe(0.5);

    await pool.query(
      `update submission set scores = jsonb_set(scores, '{public,top1,value}', '0.75') where phase_id = $1`,
      [phaseId],
    );
    hub.emit({ kind: 'submission', submissionId: 1, phaseId, state: 'scored', board: true });
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    const before = answers;
    const first = best();
    await expect.poll(() => answers).toBeGreaterThan(before);
    const second = best();
    gate.resolve();
    expect(await Promise.all([first, second])).toEqual([0.75, 0.75]);
  });
});
