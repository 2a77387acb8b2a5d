import { describe, expect, it } from 'vitest';
import { shiftDays, shiftTerm } from '../../../dev/competition-folder/shift.ts';

describe('a competition for the next term', () => {
  it.each([
    ['2026-10-30T23:59:00-04:00', 3, '2026-11-02T23:59:00-05:00'],
    ['2026-10-31T03:59:00Z', 3, '2026-11-02T23:59:00-05:00'],
    ['2027-03-10T23:59:00-05:00', 7, '2027-03-17T23:59:00-04:00'],
    // 02:30 of that day is skipped.
    ['2027-03-13T02:30:00-05:00', 1, '2027-03-14T03:30:00-04:00'],
    ['2026-12-31T00:00:00-05:00', 1, '2027-01-01T00:00:00-05:00'],
  ])('moves %s by %i days of the calendar', (time, days, moved) => {
    expect(shiftDays(time, days, 'America/New_York')).toBe(moved);
  });

  it('keeps the time of day through a year, there and back', () => {
    for (let at = Date.UTC(2026, 0, 1, 5, 59); at < Date.UTC(2027, 0, 1); at += 101 * 3_600_000) {
      const time = shiftDays(new Date(at).toISOString(), 0, 'America/New_York');
      const moved = shiftDays(time, 140, 'America/New_York');
      if (/T0[1-3]:/.test(time)) continue;
      expect(moved.slice(11, 19)).toBe(time.slice(11, 19));
      expect(shiftDays(moved, -140, 'America/New_York')).toBe(time);
    }
  });

  it('changes the slugs and the times, and nothing else', () => {
    const text = `# Kept as it is.
course: ds542-fall-2026 # this term
slug: midterm
metrics: [ top1,top5 ]
title: Midterm 2026-10-30T23:59:00-04:00
phases:
  - slug: main
    dueAt: 2026-10-30T23:59:00-04:00
    lateUntil:   "2026-11-01T23:59:00-05:00" # two days
    revealAt: null
`;
    const term = { days: 140, timeZone: 'America/New_York', slug: 'midterm-27', course: 'ds542-spring-2027' };
    expect(shiftTerm(text, term)).toBe(
      text
        .replace('course: ds542-fall-2026', 'course: ds542-spring-2027')
        .replace('slug: midterm', 'slug: midterm-27')
        .replace('dueAt: 2026-10-30T23:59:00-04:00', 'dueAt: 2027-03-19T23:59:00-04:00')
        .replace('2026-11-01T23:59:00-05:00', '2027-03-21T23:59:00-04:00'),
    );
  });
});
