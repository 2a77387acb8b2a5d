import { describe, expect, it } from 'vitest';
import { roundedScores } from '../../api/leaderboard/rounded.ts';
import { alertFor } from '../../core/submissions/probing.ts';

const bits = (...bytes: number[]) => Uint8Array.from(bytes);
const one = bits(0b1010_1010, 0xff);

describe('an alert for probing', () => {
  it('is given where five submissions differ in few rows, and says how many', () => {
    const changed = [1, 2, 4, 8, 16].map((flip) => bits(0b1010_1010 ^ flip, 0xff));
    expect(alertFor(one, changed)).toMatch(/^5 of the team’s last 5 submissions/);
    expect(alertFor(one, changed.slice(1))).toBeNull();
  });

  it('is not given for the same file sent again, nor for models that differ', () => {
    expect(
      alertFor(
        one,
        Array.from({ length: 20 }, () => one),
      ),
    ).toBeNull();
    expect(
      alertFor(
        one,
        Array.from({ length: 20 }, () => bits(0b0101_0101, 0xff)),
      ),
    ).toBeNull();
  });
});

describe('public scores for students', () => {
  it('have five decimals and no count of hits', () => {
    const score = { value: 305 / 306, rows: 306, hits: 305, low: 0.981_724_0, high: 0.999_424_4 };
    expect(roundedScores({ top1: score })).toEqual({
      top1: { value: 0.99673, rows: 306, low: 0.98172, high: 0.99942 },
    });
  });

  it('do not show a row of a large answer key', () => {
    const share = (hits: number) =>
      roundedScores({ top1: { value: hits / 950_000, rows: 950_000, hits } })['top1']?.value;
    expect(share(400_001)).toBe(share(400_000));
  });
});
