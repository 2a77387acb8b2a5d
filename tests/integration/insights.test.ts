import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gainsOf } from '../../api/insights/overview.ts';
import { Insights, RowInsights } from '../../core/contract/insights.ts';
import { digitsFile, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

let system: System;
let course: TestCourse;
let slug: string;
const models = ['decision_tree_depth4', 'logistic_regression', 'random_forest'];
/** By student, what counts; the fourth sends the file of the third with ten rows changed, the fifth nothing. */
const counted: string[] = [];

const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

beforeAll(async () => {
  system = await startSystem();
  course = await makeCourse(system, { students: 5 });
  slug = await makeCompetition(course, {
    key: await digitsFile('solution.csv'),
    settings: { metrics: ['top1', 'top5'] },
  });
  const files = await Promise.all(models.map(async (model) => await digitsFile(`submissions/${model}.csv`)));
  const [, , third = ''] = files;
  const lines = third.split('\n');
  files.push(lines.map((line, index) => (index % 80 === 1 ? swapped(line) : line)).join('\n'));
  for (const [index, file] of files.entries()) {
    const student = personOf(index);
    // Something worse before it, which does not count.
    if (index === 1) await student.finished((await student.submit(slug, files[0] ?? '')).id);
    await student.finished((await student.submit(slug, file)).id);
    counted.push(file);
  }
});
afterAll(async () => await system.stop());

function personOf(index: number): Person {
  const person = course.students[index];
  if (!person) throw new Error(`there is no student ${index}`);
  return person;
}

function swapped(line: string): string {
  const [id = '', first = '', second = '', ...rest] = line.split(',');
  return [id, second, first, ...rest].join(',');
}

describe('the insights of a phase', () => {
  const read = async () => Insights.parse((await course.ta.call(`GET /competitions/${slug}/insights`)).body);
  const readRows = async () =>
    RowInsights.parse((await course.ta.call(`GET /competitions/${slug}/insights/rows`)).body);

  it('count what came and name who sent nothing', async () => {
    const { hours, students, missing } = await read();
    expect(hours.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    expect(students).toBe(5);
    expect(missing.map(({ userId }) => userId)).toEqual([personOf(4).id]);
  });

  it('hold the public against the private score of what counts, and how the best rose', async () => {
    const { standings, gains, metric } = await read();
    expect(metric).toBe('top1');
    const solution = cells(await digitsFile('solution.csv'));
    const shareOf = (file: string, usage: string) => {
      const predicted = new Map(cells(file).map(([id = '', best = '']) => [id, best]));
      const rows = solution.filter((row) => row[2] === usage);
      return rows.filter(([id = '', truth]) => predicted.get(id) === truth).length / rows.length;
    };
    const wanted = counted.map((file) => ({ public: shareOf(file, 'Public'), private: shareOf(file, 'Private') }));
    expect(standings).toMatchObject(wanted.toSorted((a, b) => b.private - a.private));
    const best = Math.max(...wanted.map((score) => score.public));
    expect(gains.at(-1)).toMatchObject({ best, teams: 4 });
  });

  it('name the hardest rows and what is confused, as a plain count has them', async () => {
    const { hardest, confusions, teams, of, rows } = await readRows();
    const solution = cells(await digitsFile('solution.csv'));
    const answers = counted.map((file) => new Map(cells(file).map(([id = '', best = '']) => [id, best])));
    expect([teams, of, rows]).toEqual([4, 4, solution.length]);
    const byRow = solution.map(([id = '', truth = ''], index) => {
      const given = answers.map((answer) => answer.get(id) ?? '');
      return { id, truth, index, given, right: given.filter((label) => label === truth).length };
    });
    const wanted = byRow.toSorted((a, b) => a.right - b.right || a.index - b.index).slice(0, 50);
    expect(hardest.map(({ id, truth, right }) => [id, truth, right])).toEqual(
      wanted.map(({ id, truth, right }) => [id, truth, right]),
    );
    const pairs = byRow.flatMap(({ truth, given }) =>
      given.filter((label) => label !== truth).map((label) => `${truth}→${label}`),
    );
    const counts = [...Map.groupBy(pairs, (pair) => pair)].map(([pair, all]) => [pair, all.length] as const);
    for (const { truth, predicted, count, share } of confusions) {
      expect(new Map(counts).get(`${truth}→${predicted}`)).toBe(count);
      expect(share).toBeCloseTo(count / (4 * byRow.filter((row) => row.truth === truth).length), 12);
    }
    expect(confusions.map(({ count }) => count)).toEqual(
      counts
        .map(([, count]) => count)
        .toSorted((a, b) => b - a)
        .slice(0, 50),
    );
  });

  it('are read anew when something else counts', async () => {
    expect(await readRows()).toMatchObject({ teams: 4, comparedPairs: 6, comparedRows: 797 });
    const late = personOf(4);
    await late.finished((await late.submit(slug, counted[0] ?? '')).id);
    expect(await readRows()).toMatchObject({ teams: 5, comparedPairs: 10 });
    expect((await read()).missing).toEqual([]);
  });

  it('show who makes the same mistakes, and nobody else', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => ({ id: `r${row}`, truth: row % 10 }));
    const key = rows.map(({ id, truth }) => `${id},${truth},${truth < 5 ? 'Public' : 'Private'}`);
    const copied = await makeCompetition(course, {
      key: `id,label,Usage\n${key.join('\n')}\n`,
      settings: { metrics: ['top1'] },
    });
    // A third is wrong, on rows and with labels that differ from one student to the next.
    const guesses = (seed: number) =>
      rows.map(({ truth }, row) => {
        const noise = Math.imul(row + 1, 2_654_435_761 ^ Math.imul(seed + 1, 40_503)) >>> 8;
        return noise % 3 === 0 ? (truth + 1 + ((noise >> 4) % 9)) % 10 : truth;
      });
    const first = guesses(0);
    const files = [first, guesses(1), guesses(2), guesses(3), first.map((label, row) => (row % 25 === 0 ? 0 : label))];
    const sent: number[] = [];
    for (const [index, labels] of files.entries()) {
      const text = labels.map((label, row) => `r${row},${label}`).join('\n');
      const { id } = await personOf(index).submit(copied, `id,label\n${text}\n`);
      await personOf(index).finished(id);
      sent.push(id);
    }
    const answer = await course.ta.call(`GET /competitions/${copied}/insights/rows`);
    const { pairs } = RowInsights.parse(answer.body);
    expect(pairs.map(({ a, b }) => [a.submissionId, b.submissionId].toSorted((x, y) => x - y))).toEqual([
      [sent[0], sent[4]],
    ]);
    const both = rows.filter(({ truth }, row) => files[0]?.[row] !== truth && files[4]?.[row] !== truth);
    expect(pairs[0]?.wrong).toBe(both.length);
    expect(pairs[0]?.same).toBe(
      both.filter(({ id }) => files[0]?.[Number(id.slice(1))] === files[4]?.[Number(id.slice(1))]).length,
    );
    expect(pairs[0]?.chance).toBeLessThan(1e-6);
  });

  it('are for staff alone', async () => {
    for (const path of ['', '/rows']) {
      expect((await personOf(0).call(`GET /competitions/${slug}/insights${path}`)).status).toBe(403);
      const other = await makeCourse(system, { students: 0 });
      expect((await other.ta.call(`GET /competitions/${slug}/insights${path}`)).status).toBe(404);
    }
  });

  it('have nothing to read where nothing counts yet, and say so', async () => {
    const empty = await makeCompetition(course);
    const answer = await course.ta.call(`GET /competitions/${empty}/insights`);
    expect(answer.body).toMatchObject({ hours: [], gains: [], standings: [], students: 5 });
    expect((await course.ta.call(`GET /competitions/${empty}/insights/rows`)).problem()).toMatchObject({
      type: 'conflict',
    });
  });
});

it('a long phase has at most two hundred times, the last one among them', () => {
  const hour = (index: number) => new Date(index * 3_600_000);
  const bests = Array.from({ length: 901 }, (_, index) => ({ at: hour(index), teamId: index % 3, value: index }));
  const gains = gainsOf(bests, 1);
  expect(gains.length).toBeLessThanOrEqual(200);
  expect(gains.at(-1)).toEqual({ at: hour(900).toISOString(), best: 900, median: 899, teams: 3 });
  expect(gainsOf(bests.slice(0, 2), -1).at(-1)).toMatchObject({ best: -1, median: -0.5 });
});
