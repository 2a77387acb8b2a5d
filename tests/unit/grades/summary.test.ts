import { describe, expect, it } from 'vitest';
import { roundTo } from '../../../core/grades/round.ts';
import { summarise } from '../../../core/grades/summary.ts';

const handedIn = (...points: number[]) => points.map((value) => ({ points: value, missing: false }));

describe('a summary of grades', () => {
  it('leaves those who handed nothing in out of the statistics, and counts them', () => {
    const grades = [...handedIn(2, 4, 4, 4, 5, 5, 7, 9), { points: 0, missing: true }];
    expect(summarise(grades, 10)).toMatchObject({
      students: 9,
      missing: 1,
      mean: 5,
      standardDeviation: 2,
      quartiles: [2, 4, 4.5, 5.5, 9],
    });
  });

  it('counts every grade in one bin, the ends included', () => {
    const { histogram } = summarise(handedIn(0, 9.99, 10, 50, 104.99, 105), 105);
    expect(histogram.map(({ count }) => count)).toEqual([3, 0, 0, 0, 1, 0, 0, 0, 0, 2]);
    expect(histogram.at(-1)).toEqual({ from: 94.5, to: 105, count: 2 });
  });

  it('is empty, not broken, where nobody handed anything in', () => {
    expect(summarise([{ points: 0, missing: true }], 100)).toMatchObject({ missing: 1, mean: null, quartiles: null });
    expect(summarise([], 0)).toMatchObject({ students: 0, standardDeviation: null });
  });
});

describe('rounding', () => {
  it.each([
    [1.005, 1.01],
    [-1.005, -1.01],
    [2.675, 2.68],
    [0, 0],
    [-0.001, 0],
  ])('%d to %d', (value, rounded) => {
    expect(roundTo(2, value)).toBe(rounded);
  });
});
