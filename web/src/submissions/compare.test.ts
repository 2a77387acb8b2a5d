import { describe, expect, it } from 'vitest';
import { compareScores } from './compare.ts';

describe('compareScores', () => {
  const score = (value: number, low?: number, high?: number) => ({
    value,
    rows: 100,
    ...(low === undefined || high === undefined ? {} : { low, high }),
  });

  it('says by how much, and whether that may be chance', () => {
    expect(compareScores(score(0.5, 0.4, 0.6), score(0.55, 0.45, 0.65), true)).toEqual({
      text: '+0.05',
      tone: 'good',
      mayBeChance: true,
    });
    expect(compareScores(score(0.5, 0.45, 0.55), score(0.25, 0.2, 0.3), true)).toEqual({
      text: '−0.25',
      tone: 'bad',
      mayBeChance: false,
    });
  });

  it('takes less for better where it is', () => {
    expect(compareScores(score(2), score(1), false)).toEqual({ text: '−1', tone: 'good', mayBeChance: false });
  });

  it('has nothing to say without two scores, and of the same ones only that', () => {
    expect(compareScores(score(1), undefined, true)).toBeUndefined();
    expect(compareScores(score(1), score(1), true)?.text).toBe('the same');
  });
});
