import { describe, expect, it } from 'vitest';
import { formatPoints, numberOf } from './points.ts';

describe('points', () => {
  it('are shown with the decimals that they have', () => {
    expect([45, 88.69, 0.5, 1234].map(formatPoints)).toEqual(['45', '88.69', '0.5', '1,234']);
  });

  it('are read as they are typed, with a comma too; what is no number is none', () => {
    expect(['7', ' 7.5 ', '7,5', '-1', '', 'x', '1e999'].map(numberOf)).toEqual([
      7,
      7.5,
      7.5,
      -1,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
