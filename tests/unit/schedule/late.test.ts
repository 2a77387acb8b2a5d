import { describe, expect, it } from 'vitest';
import { LatePolicy } from '../../../core/contract/dates.ts';
import { bankBefore, lateDays, latenessMs, latePenalty } from '../../../core/schedule/late.ts';
import { createRandom } from '../scoring/support.ts';

/** Uniform in [0, 1). */
function fraction(seed: number): () => number {
  const below = createRandom(seed);
  return () => below(1_000_000) / 1_000_000;
}

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;
const dueAt = new Date('2026-03-04T04:59:00Z');
const after = (ms: number) => new Date(dueAt.getTime() + ms);

/** Up to two days late, 1 % for each started hour: what DS 542 has. */
const ds542 = LatePolicy.parse({ kind: 'percent', percent: 1, per: 'hour', cap: 48 });
const perDay = LatePolicy.parse({ kind: 'percent', percent: 10, per: 'day' });
const bank = LatePolicy.parse({ kind: 'bank', percentPerDayBeyond: 25 });

describe('how late a submission is', () => {
  it.each([
    [-second, 0],
    [0, 0],
    [1, 1],
    [second, second],
    [hour, hour],
  ])('is, %d ms after the due time, %d ms', (ms, late) => {
    expect(latenessMs(after(ms), { dueAt, graceMinutes: 0 })).toBe(late);
  });

  it('is nothing within the grace, and all of it after that', () => {
    expect(latenessMs(after(10 * 60 * second), { dueAt, graceMinutes: 10 })).toBe(0);
    expect(latenessMs(after(10 * 60 * second + 1), { dueAt, graceMinutes: 10 })).toBe(10 * 60 * second + 1);
  });

  it('is nothing where there is no due time', () => {
    expect(latenessMs(new Date(), { dueAt: null, graceMinutes: 0 })).toBe(0);
  });
});

describe('what being late costs', () => {
  it.each([
    [0, 0],
    [1, 1],
    [hour - second, 1],
    [hour, 1],
    [hour + 1, 2],
    [hour + second, 2],
    [47 * hour + second, 48],
    [48 * hour, 48],
    [100 * hour, 48],
  ])('is one percent for each started hour, rounded up: %d ms are %d percent', (ms, percent) => {
    expect(latePenalty(ds542, ms, 0).percent).toBe(percent);
  });

  it.each([
    [day - second, 10],
    [day, 10],
    [day + second, 20],
    [30 * day, 100],
  ])('is so much for each started day: %d ms are %d percent', (ms, percent) => {
    expect(latePenalty(perDay, ms, 0).percent).toBe(percent);
  });

  it('is nothing without a policy', () => {
    expect(latePenalty({ kind: 'none' }, 5 * day, 0).percent).toBe(0);
  });

  it('is taken from the bank first', () => {
    expect(latePenalty(bank, 2 * day, 3)).toEqual({
      percent: 0,
      because: '2 started days late, 2 of them from the late days.',
    });
    expect(latePenalty(bank, 2 * day + second, 2)).toEqual({
      percent: 25,
      because: '3 started days late, 2 of them from the late days; 25 % for each other day.',
    });
    expect(latePenalty(bank, 9 * day, 0).percent).toBe(100);
  });

  it('says how it came about', () => {
    expect(latePenalty(ds542, hour, 0).because).toBe('1 started hour late, 1 % each.');
    expect(latePenalty(ds542, 60 * hour, 0).because).toBe('60 started hours late, 1 % each, at most 48 %.');
  });

  it('is never below 0, never above 100 or the cap, and never less for being later', () => {
    const random = fraction(542);
    for (let round = 0; round < 500; round++) {
      const cap = Math.round(random() * 100);
      const policy = LatePolicy.parse(
        [
          { kind: 'none' },
          { kind: 'percent', percent: random() * 100, per: random() < 0.5 ? 'hour' : 'day', cap },
          { kind: 'bank', percentPerDayBeyond: random() * 100 },
        ][round % 3],
      );
      const most = policy.kind === 'percent' ? (policy.cap ?? 100) : 100;
      const days = Math.floor(random() * 5);
      let before = 0;
      for (let ms = -hour; ms < 20 * day; ms += Math.ceil(random() * 8 * hour)) {
        const { percent } = latePenalty(policy, ms, days);
        expect(percent).toBeGreaterThanOrEqual(before);
        expect(percent).toBeLessThanOrEqual(most);
        before = percent;
      }
    }
  });
});

describe('the bank of late days', () => {
  const use = (phaseId: number, dueDay: number, lateMs: number) => ({
    phaseId,
    dueAt: new Date(Date.UTC(2026, 1, dueDay)),
    lateMs,
  });

  it('is used up in the order of the due times, whatever order it is asked in', () => {
    const uses = [use(1, 1, 1), use(2, 8, 2 * day), use(3, 15, 3 * day), use(4, 8, 0)];
    const left = new Map([
      [1, 4],
      [2, 3],
      [4, 1],
      [3, 1],
    ]);
    const random = fraction(7);
    for (let round = 0; round < 20; round++) {
      const shuffled = uses.toSorted(() => random() - 0.5);
      expect(bankBefore(4, shuffled)).toEqual(left);
    }
  });

  it('never gives out more days than it has', () => {
    const random = fraction(11);
    for (let round = 0; round < 200; round++) {
      const days = Math.floor(random() * 6);
      const uses = Array.from({ length: 8 }, (_, index) =>
        use(index, 1 + Math.floor(random() * 20), random() * 3 * day),
      );
      const left = bankBefore(days, uses);
      const taken = uses.map(({ phaseId, lateMs }) => Math.min(lateDays(lateMs), left.get(phaseId) ?? 0));
      expect(taken.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(days);
      expect(Math.min(...left.values())).toBeGreaterThanOrEqual(0);
    }
  });
});
