import { describe, expect, it } from 'vitest';
import { formatClock, formatDuration, formatEstimate, formatInstant, formatMoment, formatRelative } from './time.ts';

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

describe('formatMoment', () => {
  it('writes milliseconds, in the course’s zone', () => {
    expect(formatMoment('2026-12-02T04:59:07.042Z', 'America/New_York')).toBe('Dec 1, 23:59:07.042 EST');
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

describe('formatDuration', () => {
  it.each([
    [-1, '0.0 s'],
    [0.42, '0.4 s'],
    [9.96, '10 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [3725, '1 h 2 min'],
  ])('writes %s seconds as “%s”', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatClock', () => {
  it.each([
    [-3, '0:00'],
    [35.9, '0:35'],
    [600, '10:00'],
    [3725, '1:02:05'],
  ])('writes %s seconds as “%s”', (seconds, text) => expect(formatClock(seconds)).toBe(text));
});

describe('formatEstimate', () => {
  it.each([
    [12, 'less than a minute'],
    [62, 'about a minute'],
    [170, 'about 3 minutes'],
    [7300, 'about 2 hours'],
  ])('writes %s seconds as “%s”', (seconds, text) => expect(formatEstimate(seconds)).toBe(text));
});
