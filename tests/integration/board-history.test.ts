import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoardHistory } from '../../core/contract/board-history.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { seedCrowd } from '../support/crowd.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the history of a board', () => {
  let system: System;
  let course: TestCourse;
  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 2, timeZone: 'Pacific/Auckland' });
  });
  afterAll(async () => await system.stop());

  const student = (index: number): Person => {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  };
  const read = async (person: Person, slug: string, query = '') => {
    const answer = await person.call(`GET /competitions/${slug}/leaderboard/history${query}`);
    return { answer, history: answer.status === 200 ? BoardHistory.parse(answer.body) : undefined };
  };

  it('shows the first teams of today and mine, day by day, and ends as the board stands', async () => {
    const slug = await makeCompetition(course);
    await seedCrowd(system.db, slug, { teams: 40, days: 4 });
    const ada = student(0);
    await ada.finished((await ada.submit(slug, 'id,label\na,1\nb,0\nc,2\nd,0\n')).id);
    const { history, answer } = await read(ada, slug, '?teams=5');
    const board = Leaderboard.parse((await ada.call(`GET /competitions/${slug}/leaderboard`)).body);
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' });
    expect(history?.days).toEqual([3, 2, 1, 0].map((ago) => day.format(Date.now() - ago * 86_400_000)));
    expect(history?.courses.map(({ name, mine }) => [name, mine])).toEqual([
      ...board.rows.slice(0, 5).map(({ name }) => [name, false]),
      [board.me?.name, true],
    ]);
    expect(history?.courses.map(({ days }) => days.at(-1)?.rank)).toEqual([1, 2, 3, 4, 5, board.me?.rank]);
    expect(history?.courses.map(({ days }) => days.at(-1)?.value)).toEqual([
      ...board.rows.slice(0, 5).map(({ value }) => value),
      board.me?.value,
    ]);
    // It was there today only.
    expect(history?.courses.at(-1)?.days).toHaveLength(1);
    expect(answer.text).not.toMatch(/\d\d:\d\d/);
    expect((await read(course.ta, slug)).history?.courses).toHaveLength(10);
  });

  it('is hidden as the board is, and leaves out the days on which it was', async () => {
    const slug = await makeCompetition(course, { settings: { showSmallBoards: false } });
    const few = student(1);
    await few.finished((await few.submit(slug, tinyPredictions)).id);
    expect((await read(few, slug)).answer.problem().type).toBe('board-hidden');
    await seedCrowd(system.db, slug, { teams: 4, days: 1 });
    // Two days before that only two of the teams had been there.
    await system.db.pool.query(
      `update submission set received_at = received_at - interval '2 days'
       where id in (select submission.id from submission join team on team.id = team_id where pseudonym in ('Brisk Crowd 1', 'Brisk Crowd 2') and phase_id in
         (select phase.id from phase join competition on competition.id = competition_id where competition.slug = $1))`,
      [slug],
    );
    await few.finished((await few.submit(slug, tinyPredictions)).id);
    const { history } = await read(student(0), slug);
    expect(history?.days).toHaveLength(1);
    expect(history?.courses).toHaveLength(5);
    // Staff see small boards, and so those days too; they may be told what was read a moment ago.
    await expect.poll(async () => (await read(course.ta, slug)).history?.days.length, { timeout: 120_000 }).toBe(2);
  });
});
