import { describe, expect, it } from 'vitest';
import { instantOf, localOf } from './zoned.ts';

const newYork = 'America/New_York';

describe('a time in a zone', () => {
  it.each([
    ['2026-12-01T23:59', newYork, '2026-12-02T04:59:00.000Z'],
    ['2026-07-01T23:59', newYork, '2026-07-02T03:59:00.000Z'],
    ['2026-03-07T23:59', newYork, '2026-03-08T04:59:00.000Z'],
    ['2026-03-08T23:59', newYork, '2026-03-09T03:59:00.000Z'],
    ['2026-11-01T23:59', newYork, '2026-11-02T04:59:00.000Z'],
    // Shown twice: the first.
    ['2026-11-01T01:30', newYork, '2026-11-01T05:30:00.000Z'],
    ['2026-12-01T23:59', 'Asia/Kathmandu', '2026-12-01T18:14:00.000Z'],
    ['2026-12-01T23:59:59', newYork, '2026-12-02T04:59:59.000Z'],
    ['2026-12-01T23:59', 'UTC', '2026-12-01T23:59:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
    expect(localOf(instant, zone)).toBe(local);
  });

  it('that no clock shows is an hour later on the one that was put forward', () => {
    expect(instantOf('2026-03-08T02:30', newYork)).toBe('2026-03-08T07:30:00.000Z');
  });

  it('is none where the text is none', () => {
    expect(instantOf('', newYork)).toBeUndefined();
  });
});
