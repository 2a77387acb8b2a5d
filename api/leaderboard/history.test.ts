import { describe, expect, it } from 'vitest';
import { type Daily, historyOf } from './history.ts';

const daily = (day: string, teamId: number, value: number, more: Partial<Daily> = {}): Daily => ({
  teamId,
  baseline: false,
  day,
  order: value,
  value,
  receivedAt: new Date(`${day}T12:00:00Z`),
  id: teamId,
  last: false,
  ...more,
});

describe('the history of a board', () => {
  it('keeps what was best, and ranks who was first before their equals', () => {
    const { days, teams } = historyOf([
      daily('2026-01-01', 1, 0.5),
      daily('2026-01-01', 2, 0.7),
      daily('2026-01-02', 1, 0.7),
      daily('2026-01-03', 2, 0.1),
      daily('2026-01-03', 3, 0.9),
    ]);
    expect(days).toEqual([
      { day: '2026-01-01', rankedTeams: 2 },
      { day: '2026-01-02', rankedTeams: 2 },
      { day: '2026-01-03', rankedTeams: 3 },
    ]);
    expect([1, 2, 3].map((team) => [...(teams.get(team)?.ranks ?? [])])).toEqual([
      [2, 2, 3],
      [1, 1, 2],
      [0, 0, 1],
    ]);
    expect([...(teams.get(2)?.values ?? [])]).toEqual([0.7, 0.7, 0.7]);
    expect([...(teams.get(3)?.values ?? [])]).toEqual([NaN, NaN, 0.9]);
  });

  it('takes the last of each day where the last one counts, and gives baselines no rank', () => {
    const { teams } = historyOf([
      daily('2026-01-01', 1, 0.9, { last: true }),
      daily('2026-01-01', 2, 0.8, { baseline: true, last: true }),
      daily('2026-01-02', 1, 0.2, { last: true }),
    ]);
    expect([...(teams.get(1)?.values ?? [])]).toEqual([0.9, 0.2]);
    expect([...(teams.get(1)?.ranks ?? [])]).toEqual([1, 1]);
    expect([...(teams.get(2)?.ranks ?? [])]).toEqual([0, 0]);
  });

  it('goes no further back than is drawn', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      daily(new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10), 1, index),
    );
    const { days, teams } = historyOf(many);
    expect([days.length, days[0]?.day]).toEqual([200, '2026-04-11']);
    expect([...(teams.get(1)?.values ?? [])].at(-1)).toBe(299);
  });
});
