import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatScore } from './number.ts';

describe('formatBytes', () => {
  it('writes decimal units with one decimal below ten', () => {
    expect([0, 999, 1000, 17_432, 950_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '17 kB', '950 MB']);
  });
});

describe('formatScore', () => {
  it('tells two neighbouring counts apart up to a million rows', () => {
    for (const rows of [306, 10_000, 950_000])
      expect(formatScore(1 / rows, rows)).not.toBe(formatScore(2 / rows, rows));
  });

  it('shows at least four decimals', () => expect(formatScore(1, 10)).toBe('1.0000'));
});

describe('formatCount', () => {
  it('agrees with its noun', () =>
    expect([formatCount(1, 'row'), formatCount(1200, 'row')]).toEqual(['1 row', '1,200 rows']));
});
