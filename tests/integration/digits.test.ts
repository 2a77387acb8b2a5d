import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { digitsFile, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const Board = z.object({
  rows: z.number(),
  top1_hits: z.number(),
  top5_hits: z.number(),
  top1: z.number(),
  top5: z.number(),
});
const Expected = z.record(z.string(), z.object({ public: Board, private: Board }));

describe('the digits data, from upload to leaderboard', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 3 });
    slug = await makeCompetition(course, { key: await digitsFile('solution.csv') });
  });
  afterAll(async () => await system.stop());

  it('scores what NumPy and scikit-learn say, on both boards', async () => {
    const expected = Expected.parse(JSON.parse(await digitsFile('expected.json')));
    const names = Object.keys(expected);
    expect(names).toHaveLength(3);
    for (const [index, name] of names.entries()) {
      const student = course.students[index];
      const receipt = await student?.submit(slug, await digitsFile(`submissions/${name}.csv`));
      const { scores } = await course.instructor.finished(receipt?.id ?? 0);
      for (const board of ['public', 'private'] as const) {
        const want = expected[name]?.[board];
        expect(scores?.[board]).toMatchObject({
          top1: { value: want?.top1, hits: want?.top1_hits, rows: want?.rows },
          top5: { value: want?.top5, hits: want?.top5_hits, rows: want?.rows },
        });
      }
    }
  });

  it('ranks them, the earlier of two equal scores first', async () => {
    const answer = await course.students[1]?.call(`GET /competitions/${slug}/leaderboard`);
    const full = Leaderboard.parse((await course.instructor.call(`GET /competitions/${slug}/leaderboard`)).body);
    const board = Leaderboard.parse(answer?.body);
    expect(full.rows.map((row) => [row.rank, row.scores['top1']?.hits])).toEqual([
      [1, 296],
      [2, 296],
      [3, 165],
    ]);
    expect(board.me).toMatchObject({ rank: 3 });
  });
});
