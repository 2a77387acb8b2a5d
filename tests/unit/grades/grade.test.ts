import { describe, expect, it } from 'vitest';
import { GradeScheme } from '../../../core/contract/grade-scheme.ts';
import { fullPoints, gradeOf, mostPoints, type Evidence } from '../../../core/grades/grade.ts';
import { createRandom } from '../scoring/support.ts';

/** The midterm's: 40 for performance, the benchmark at 0.397, 30 for the code, 30 for the report, five for the first ten. */
const midterm = GradeScheme.parse({
  performance: {
    below: 10,
    anchors: [
      { name: 'baseline', score: 0.397, points: 28 },
      { name: 'target', score: 0.597, points: 40 },
    ],
  },
  bonus: [{ top: 10, points: 5 }],
  rubric: [
    { id: 'code', title: 'Code quality', points: 30 },
    { id: 'report', title: 'Report', points: 30 },
  ],
});
const nothing: Evidence = { counted: undefined, late: undefined, marks: new Map(), override: undefined };
const scored = (score: number, rank = 50): Evidence => ({ ...nothing, counted: { score, rank } });
const marked = new Map([
  ['code', { points: 27, comment: 'Clear.' }],
  ['report', { points: 24.5, comment: '' }],
]);

describe('points for a score', () => {
  it.each([
    [0.1, 10],
    [0.39699, 10],
    [0.397, 28],
    [0.497, 34],
    [0.597, 40],
    [0.9, 40],
  ])('%d: %d, below the baseline, at it, between, at the target and beyond', (score, points) => {
    expect(gradeOf(midterm, scored(score)).points).toBe(points);
  });

  it('go down as the score goes up where a lower score is better', () => {
    const scheme = GradeScheme.parse({
      performance: {
        better: 'lower',
        anchors: [
          { name: 'baseline', score: 0.5, points: 5 },
          { name: 'target', score: 0.1, points: 10 },
        ],
      },
    });
    expect([0.6, 0.5, 0.3, 0.1, 0].map((score) => gradeOf(scheme, scored(score)).points)).toEqual([0, 5, 7.5, 10, 10]);
  });

  it('are those of the last threshold that is reached, where they go in steps', () => {
    const anchors = [
      { name: 'C', score: 0.5, points: 6 },
      { name: 'A', score: 0.8, points: 10 },
    ];
    const scheme = GradeScheme.parse({ performance: { between: 'steps', anchors } });
    expect([0.49, 0.5, 0.79, 0.8].map((score) => gradeOf(scheme, scored(score)).points)).toEqual([0, 6, 6, 10]);
  });
});

describe('a grade', () => {
  it('says how each point came about', () => {
    const late = { percent: 2, because: '1 h 20 min late, 1 % per started hour.' };
    const grade = gradeOf(midterm, { ...scored(0.497, 10), marks: marked, late });
    expect(grade).toEqual({
      points: 88.69,
      of: 100,
      lines: [
        {
          kind: 'performance',
          what: 'Performance',
          points: 34,
          of: 40,
          because:
            'The private score is 0.497, between “baseline” (0.397: 28 points) and “target” (0.597: 40 points): 50 % of the way.',
        },
        {
          kind: 'bonus',
          what: 'Bonus by rank',
          points: 5,
          of: null,
          because: 'Rank 10 on the private board is among the top 10.',
        },
        { kind: 'rubric', item: 'code', what: 'Code quality', points: 27, of: 30, because: 'Clear.' },
        { kind: 'rubric', item: 'report', what: 'Report', points: 24.5, of: 30, because: 'Graded by hand.' },
        { kind: 'late', what: 'Late: 2 % of what was earned', points: -1.81, of: null, because: late.because },
      ],
    });
  });

  it('is zero without a submission and without marks', () => {
    expect(gradeOf(midterm, nothing)).toMatchObject({ points: 0, of: 100 });
    expect(gradeOf(midterm, nothing).lines.map(({ because }) => because)).toEqual([
      'No submission counts.',
      'No submission counts.',
      'Not graded.',
      'Not graded.',
    ]);
  });

  it('gives the bonus of the first tier that holds the rank', () => {
    const scheme = {
      ...midterm,
      bonus: [
        { top: 1, points: 8 },
        { top: 10, points: 5 },
      ],
    };
    const bonus = (rank: number) => gradeOf(scheme, scored(0.1, rank)).points - 10;
    expect([1, 2, 10, 11].map(bonus)).toEqual([8, 5, 5, 0]);
  });

  it('is what the staff set, whatever else there is, within what can be had', () => {
    const set = (points: number) => gradeOf(midterm, { ...scored(0.597, 1), override: { points, reason: 'Agreed.' } });
    expect(set(61.5)).toMatchObject({ points: 61.5 });
    expect(set(61.5).lines.at(-1)).toMatchObject({ kind: 'override', points: 16.5, because: 'Agreed.' });
    expect(set(500).points).toBe(105);
  });

  it('counts a mark no higher than the item is worth by now', () => {
    const marks = new Map([['code', { points: 45, comment: '' }]]);
    expect(gradeOf(midterm, { ...nothing, marks }).points).toBe(30);
  });
});

describe('grades of any scheme and any evidence', () => {
  const random = createRandom(20_261_127);
  const pick = (from: number, to: number) => from + (random(1_000_000) / 1_000_000) * (to - from);
  const hundredths = (most: number) => random(Math.round(most * 100) + 1) / 100;
  const ascending = (count: number, most: number) =>
    Array.from({ length: count }, () => hundredths(most)).toSorted((a, b) => a - b);

  function anyScheme(): GradeScheme {
    const count = 1 + random(5);
    const better = random(2) === 0 ? 'higher' : 'lower';
    const scores = [...new Set(Array.from({ length: count }, () => pick(-2, 2)))].toSorted((a, b) => a - b);
    if (better === 'lower') scores.reverse();
    const [below = 0, ...points] = ascending(count + 1, 60);
    return GradeScheme.parse({
      performance:
        random(5) === 0
          ? null
          : {
              better,
              between: random(2) === 0 ? 'linear' : 'steps',
              below,
              anchors: scores.map((score, i) => ({ name: `a${i}`, score, points: points[i] })),
            },
      bonus: ascending(random(3), 10)
        .toReversed()
        .map((bonus, i) => ({ top: 3 * (i + 1), points: bonus })),
      rubric: Array.from({ length: 1 + random(4) }, (_, i) => ({
        id: `i${i}`,
        title: `Item ${i}`,
        points: hundredths(30),
      })),
    });
  }

  function anyEvidence({ rubric }: GradeScheme): Evidence {
    const marks = rubric
      .filter(() => random(4) > 0)
      .map(({ id }) => [id, { points: hundredths(40), comment: '' }] as const);
    return {
      counted: random(5) === 0 ? undefined : { score: pick(-3, 3), rank: 1 + random(20) },
      late: random(2) === 0 ? undefined : { percent: pick(0, 130), because: 'Late.' },
      marks: new Map(marks),
      override: random(6) === 0 ? { points: hundredths(150), reason: 'So.' } : undefined,
    };
  }

  const cases = Array.from({ length: 500 }, () => {
    const scheme = anyScheme();
    return { scheme, evidence: anyEvidence(scheme) };
  });

  it('are never negative and never above the cap, and are the sum of their lines', () => {
    for (const { scheme, evidence } of cases) {
      const grade = gradeOf(scheme, evidence);
      expect(grade.points).toBeGreaterThanOrEqual(0);
      expect(grade.points).toBeLessThanOrEqual(mostPoints(scheme));
      expect(grade.of).toBe(fullPoints(scheme));
      expect(grade.points).toBeCloseTo(
        grade.lines.reduce((sum, { points }) => sum + points, 0),
        9,
      );
      expect(Math.abs(grade.points * 100 - Math.round(grade.points * 100))).toBeLessThan(1e-9);
    }
  });

  it('do not fall where the score or the rank is better, where it is less late, or a mark higher', () => {
    for (const { scheme, evidence } of cases) {
      const { counted, late, marks } = evidence;
      const before = gradeOf(scheme, evidence).points;
      const atLeastAsGood = (better: Partial<Evidence>) =>
        expect(gradeOf(scheme, { ...evidence, ...better }).points).toBeGreaterThanOrEqual(before);
      const sign = scheme.performance?.better === 'lower' ? -1 : 1;
      if (counted) {
        atLeastAsGood({ counted: { ...counted, score: counted.score + sign * pick(0, 1) } });
        atLeastAsGood({ counted: { ...counted, rank: 1 + random(counted.rank) } });
      }
      if (late) {
        atLeastAsGood({ late: { ...late, percent: late.percent * pick(0, 1) } });
        atLeastAsGood({ late: undefined });
      }
      atLeastAsGood({
        marks: new Map([...marks].map(([id, mark]) => [id, { ...mark, points: mark.points + hundredths(5) }])),
      });
    }
  });

  it('do not depend on the order of marks, are the same twice, and leave what they are made from as it is', () => {
    for (const { scheme, evidence } of cases) {
      const copies = structuredClone({ scheme, evidence });
      const grade = gradeOf(scheme, evidence);
      expect(gradeOf(scheme, { ...evidence, marks: new Map([...evidence.marks].toReversed()) })).toEqual(grade);
      const reversed = { ...scheme, rubric: scheme.rubric.toReversed() };
      expect(gradeOf(reversed, evidence).points).toBe(grade.points);
      expect({ scheme, evidence }).toEqual(copies);
    }
  });
});

describe('a scheme', () => {
  const problemsOf = (scheme: unknown) =>
    GradeScheme.safeParse(scheme).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const anchors = (...list: [number, number][]) => ({
    performance: { anchors: list.map(([score, points], i) => ({ name: `a${i}`, score, points })) },
  });

  it.each([
    [{}, 'needs points for performance, or an item of a rubric'],
    [anchors([0.5, 5], [0.4, 6]), 'performance.anchors.1.score must be higher than the 0.5 of "a0"'],
    [anchors([0.5, 5], [0.6, 4]), 'performance.anchors.1.points must not be less than what "a0" gives'],
    [anchors([0.5, 5.001]), 'performance.anchors.0.points must have at most two decimals'],
    [
      {
        ...midterm,
        bonus: [
          { top: 10, points: 5 },
          { top: 5, points: 2 },
        ],
      },
      'bonus.1 must hold more ranks',
    ],
    [
      {
        ...midterm,
        bonus: [
          { top: 5, points: 2 },
          { top: 10, points: 5 },
        ],
      },
      'no more points',
    ],
    [
      {
        rubric: [
          { id: 'a', title: 'A', points: 1 },
          { id: 'a', title: 'B', points: 1 },
        ],
      },
      'rubric.1.id "a" names another item',
    ],
  ])('is refused with the place and the remedy: %#', (scheme, expected) => {
    expect(problemsOf(scheme).join('\n')).toContain(expected);
  });

  it('is taken as it is read back', () => {
    expect(GradeScheme.parse(structuredClone(midterm))).toEqual(midterm);
  });
});
