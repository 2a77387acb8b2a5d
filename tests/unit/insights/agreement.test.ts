import { expect, it } from 'vitest';
import { createComparison } from '../../../core/insights/agreement.ts';
import { evenly, type Answers } from '../../../core/insights/answers.ts';
import { confusions, hardestRows } from '../../../core/insights/mistakes.ts';

/** The same numbers every time (Numerical Recipes' quick generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const classes = 10;

/** Teams that are right on 70 % of the rows and else favour one wrong label per class; the last one copies nine of ten answers of the first. */
function makeAnswers(rowCount: number, teamCount: number, seed: number): Answers {
  const next = generator(seed);
  const pick = () => Math.floor(next() * classes);
  const truth = Uint32Array.from({ length: rowCount }, pick);
  const answer = (label: number) => (next() < 0.7 ? label : next() < 0.3 ? (label + 1) % classes : pick());
  const bests = Array.from({ length: teamCount }, () => truth.map(answer));
  const [first] = bests;
  bests.push(truth.map((label, row) => (next() < 0.9 ? (first?.[row] ?? 0) : answer(label))));
  const teams = bests.map((best) => ({
    best,
    ranks: Uint8Array.from(best, (label, row) => (label === truth[row] ? 1 : 0)),
  }));
  return { truth, rows: Uint32Array.from(truth.keys()), teams };
}

/** As the definition says it, with a count for each pair and row. */
function naive({ truth, rows, teams }: Answers, a: number, b: number) {
  let [wrong, same, expected] = [0, 0, 0];
  const repeats = (labels: readonly number[]) => {
    const shares = [...Map.groupBy(labels, (label) => label).values()].map((group) => group.length / labels.length);
    return shares.reduce((sum, share) => sum + share ** 2, 0);
  };
  for (const row of rows) {
    const [ofA, ofB, label] = [teams[a]?.best[row], teams[b]?.best[row], truth[row]];
    if (ofA === label || ofB === label) continue;
    wrong++;
    if (ofA === ofB) same++;
    const others = teams.flatMap(({ best }, team) =>
      team === a || team === b || best[row] === label ? [] : [best[row] ?? 0],
    );
    const alike = [...rows].filter((other) => truth[other] === label);
    const all = alike.flatMap((other) =>
      teams.flatMap(({ best }) => (best[other] === label ? [] : [best[other] ?? 0])),
    );
    expected += repeats(others.length > 0 ? others : all);
  }
  return { wrong, same, expected };
}

it.each([
  [60, 2],
  [120, 4],
  [200, 12],
])('counts the agreements of %i rows and %i teams as their definition does', (rowCount, teamCount) => {
  const answers = makeAnswers(rowCount, teamCount, rowCount);
  const compare = createComparison(answers);
  for (let a = 0; a <= teamCount; a++)
    for (let b = a + 1; b <= teamCount; b++) {
      const { chance, ...found } = compare(a, b);
      const { expected, ...wanted } = naive(answers, a, b);
      expect(found).toMatchObject(wanted);
      expect(found.expected).toBeCloseTo(expected, 8);
      expect(chance).toBeLessThanOrEqual(1);
    }
});

it('finds who copied, and nobody else', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const answers = makeAnswers(600, 30, seed);
    const compare = createComparison(answers);
    const found: string[] = [];
    const pairs = (31 * 30) / 2;
    for (let a = 0; a <= 30; a++)
      for (let b = a + 1; b <= 30; b++) if (compare(a, b).chance * pairs < 0.01) found.push(`${a}-${b}`);
    expect(found).toEqual(['0-30']);
  }
});

it('bounds the chance: never below the exact one of equal trials', () => {
  // Two teams alone: each other's answers say nothing of chance but through the classes, so all rows have the same one.
  const truth = new Uint32Array(20);
  const best = Uint32Array.from({ length: 20 }, (_, row) => 1 + (row % 2));
  const other = Uint32Array.from({ length: 20 }, (_, row) => (row < 18 ? 1 + (row % 2) : 1 + ((row + 1) % 2)));
  const ranks = new Uint8Array(20);
  const answers = {
    truth,
    rows: Uint32Array.from(truth.keys()),
    teams: [
      { best, ranks },
      { best: other, ranks },
    ],
  };
  const { wrong, same, expected, chance } = createComparison(answers)(0, 1);
  expect([wrong, same, expected]).toEqual([20, 18, 10]);
  // P(at least 18 heads of 20) = 211 / 2^20.
  expect(chance).toBeGreaterThan(211 / 2 ** 20);
  expect(chance).toBeCloseTo(Math.exp(-20 * (0.9 * Math.log(1.8) + 0.1 * Math.log(0.2))), 12);
});

it('says which rows are hardest and what is confused', () => {
  const truth = Uint32Array.from([0, 1, 1, 2]);
  const team = (best: number[], ranks: number[]) => ({ best: Uint32Array.from(best), ranks: Uint8Array.from(ranks) });
  const answers = {
    truth,
    rows: Uint32Array.from([0, 1, 2]),
    teams: [team([0, 2, 2, 0], [1, 2, 0, 0]), team([0, 2, 1, 0], [1, 0, 1, 0]), team([0, 0, 1, 0], [1, 2, 1, 0])],
  };
  expect(hardestRows(answers, 1, 2)).toEqual([
    { row: 1, right: 0, mistake: { label: 2, count: 2 } },
    { row: 2, right: 2, mistake: { label: 2, count: 1 } },
  ]);
  expect(hardestRows(answers, 2, 3).map(({ row, right }) => [row, right])).toEqual([
    [1, 2],
    [2, 2],
    [0, 3],
  ]);
  expect(confusions(answers, 10)).toEqual([
    { truth: 1, predicted: 2, count: 3, share: 0.5 },
    { truth: 1, predicted: 0, count: 1, share: 1 / 6 },
  ]);
});

it('takes rows evenly where all are too many', () => {
  expect([
    ...evenly(
      Uint32Array.from({ length: 10 }, (_, i) => i),
      4,
    ),
  ]).toEqual([0, 2, 5, 7]);
  expect([...evenly(Uint32Array.from([3, 5]), 4)]).toEqual([3, 5]);
});
