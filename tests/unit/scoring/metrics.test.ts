import { describe, expect, it } from 'vitest';
import { parseMetric, scoreOf, wilson } from '../../../core/scoring/metrics.ts';

describe('parseMetric', () => {
  it.each([
    ['top1', 1],
    ['top5', 5],
    ['topk(1)', 1],
    ['topk(3)', 3],
    ['topk(100)', 100],
  ])('reads %s', (name, k) => {
    expect(parseMetric(name)).toEqual({ name, k });
  });

  it.each(['', 'top2', 'topk', 'topk()', 'topk(0)', 'topk(101)', 'topk(03)', 'topk(-1)', 'TOP1', 'top1 ', 'topk(3) '])(
    'knows no %j',
    (name) => {
      expect(parseMetric(name)).toBeUndefined();
    },
  );
});

describe('wilson', () => {
  // scipy.stats.binomtest(hits, rows).proportion_ci(method='wilson'), SciPy 1.10.
  it.each([
    [768, 797, 0.9482317196894315, 0.9745476792295992],
    [0, 20, 0, 0.16112515805281935],
    [10, 20, 0.2992980081982124, 0.7007019918017876],
    [20, 20, 0.8388748419471808, 1],
    [1, 1, 0.20654931437723745, 1],
  ])('bounds %i of %i', (hits, rows, low, high) => {
    const interval = wilson(hits, rows);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('solves the equation that defines it: the share is 1.96 standard errors from each bound', () => {
    const { low, high } = wilson(37, 120);
    for (const bound of [low, high]) {
      expect(Math.abs(37 / 120 - bound) / Math.sqrt((bound * (1 - bound)) / 120)).toBeCloseTo(1.959963984540054, 9);
    }
  });

  it('says nothing about no rows', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

it('divides exact counts once, in double precision', () => {
  expect(scoreOf(768, 797).value).toBe(0.9636135508155583);
});
