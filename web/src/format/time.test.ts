import { describe, expect, it } from 'vitest';
import { formatInstant, formatRelative } from './time.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

describe('formatInstant', () => {
  it('writes a deadline in the course’s zone, not the reader’s', () => {
    expect(formatInstant('2026-12-02T04:59:00Z', 'America/New_York', now)).toBe('Tue, Dec 1, 23:59 EST');
  });

  it('adds the year where it is another', () => {
    expect(formatInstant('2027-01-02T00:00:00Z', 'UTC', now)).toContain('2027');
  });

  it('judges the year in the course’s zone', () => {
    expect(formatInstant('2027-01-01T03:00:00Z', 'America/New_York', now)).not.toContain('2027');
  });
});

describe('formatRelative', () => {
  it.each([
    ['2026-12-02T04:59:00Z', 'next week'],
    ['2026-11-27T11:00:00Z', 'in 2 days'],
    ['2026-11-24T14:59:59Z', 'in 2 hours'],
    ['2026-11-24T12:00:30Z', 'in less than a minute'],
    ['2026-11-24T11:59:30Z', 'just now'],
    ['2026-11-24T11:58:00Z', '2 minutes ago'],
    ['2026-11-23T11:58:00Z', 'yesterday'],
  ])('writes %s as “%s”', (instant, text) => expect(formatRelative(instant, now)).toBe(text));
});
