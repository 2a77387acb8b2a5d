import { describe, expect, it } from 'vitest';
import { laterBy, midnights, timelineDomain } from './time-marks.ts';

const newYork = 'America/New_York';
const dayMs = 86_400_000;

describe('a timeline', () => {
  it('goes on by days of the zone’s clock, over the days that clocks are changed as well', () => {
    // 23:59 before and after: the day has 23 hours.
    expect(laterBy('2026-03-08T04:59:00.000Z', { days: 1 }, newYork)).toBe('2026-03-09T03:59:00.000Z');
    expect(laterBy('2026-11-02T04:59:00.000Z', { days: -1 }, newYork)).toBe('2026-11-01T03:59:00.000Z');
    expect(laterBy('2026-03-08T06:30:00.000Z', { hours: 1 }, newYork)).toBe('2026-03-08T07:30:00.000Z');
    expect(laterBy('2026-12-02T04:59:59.000Z', { days: 1 }, newYork)).toBe('2026-12-03T04:59:59.000Z');
  });

  it('shows all its dates, and now where that is near them', () => {
    const dates = ['2026-11-01T00:00:00.000Z', null, '2026-12-01T00:00:00.000Z'];
    const soon = Date.parse('2026-10-20T00:00:00.000Z');
    const [from, to] = timelineDomain(dates, soon);
    expect(from).toBeLessThan(soon);
    expect(to).toBeGreaterThan(Date.parse('2026-12-01T00:00:00.000Z'));
    expect(timelineDomain(dates, Date.parse('2028-01-01T00:00:00.000Z'))[1]).toBeLessThan(
      Date.parse('2026-12-10T00:00:00.000Z'),
    );
    const [first, last] = timelineDomain([], soon);
    expect(first < soon && soon < last).toBe(true);
  });

  it('is ruled at midnights of the zone, no more than fit', () => {
    const from = Date.parse('2026-10-30T12:00:00.000Z');
    expect(midnights([from, from + 4 * dayMs], 5, newYork).map((at) => new Date(at).toISOString())).toEqual([
      '2026-10-31T04:00:00.000Z',
      '2026-11-01T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
      '2026-11-03T05:00:00.000Z',
    ]);
    for (const days of [10, 100, 1000, 5000])
      expect(midnights([from, from + days * dayMs], 5, newYork).length).toBeLessThanOrEqual(6);
  });
});
