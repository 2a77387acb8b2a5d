import { describe, expect, it } from 'vitest';
import { binsOf } from './bins.ts';

describe('binsOf', () => {
  it('counts between round numbers without a gap, and loses nothing', () => {
    const values = Array.from({ length: 200 }, (_, index) => 0.313 + index * 0.003);
    const bins = binsOf(values, 12);
    expect(bins.length).toBeGreaterThan(6);
    expect(bins.length).toBeLessThan(26);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(200);
    for (const [index, bin] of bins.entries()) if (index > 0) expect(bin.low).toBe(bins[index - 1]?.high);
    expect(bins[0]?.low).toBeLessThanOrEqual(0.313);
    expect(bins.at(-1)?.high).toBeGreaterThan(0.91);
  });

  it('puts a value on a border into the range that it begins', () => {
    const bins = binsOf([0, 0.1, 0.2, 0.3, 1], 10);
    expect(bins.slice(0, 4).map(({ low, count }) => [low, count])).toEqual([
      [0, 1],
      [0.1, 1],
      [0.2, 1],
      [0.3, 1],
    ]);
  });

  it('has one range where all are the same, below zero too, and none without values', () => {
    expect(binsOf([0.5, 0.5, 0.5], 10).reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(binsOf([-3, -3], 10).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(binsOf([0], 10)).toHaveLength(1);
    expect(binsOf([], 10)).toEqual([]);
  });
});
