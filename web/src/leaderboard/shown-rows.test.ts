import { describe, expect, it } from 'vitest';
import type { LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { type BoardPart, shownRows } from './shown-rows.ts';

const row = (name: string, rank: number | null, more: Partial<LeaderboardRow> = {}): LeaderboardRow => ({
  name,
  rank,
  baseline: rank === null,
  value: 0,
  scores: {},
  ...more,
});
const board = [
  row('Oracle', null),
  ...Array.from({ length: 30 }, (_, index) => row(`Brisk ${index + 1}`, index + 1)),
  row('Guessing', null),
];

describe('shownRows', () => {
  const names = (part: BoardPart, search = '', myRank: number | null = 20) =>
    shownRows(board, { part, search, myRank }).map(({ name }) => name);

  it('are all, the first ones with the baselines among them, or mine with its neighbours', () => {
    expect(names('all')).toHaveLength(32);
    expect(names('top')).toEqual(['Oracle', ...Array.from({ length: 10 }, (_, index) => `Brisk ${index + 1}`)]);
    expect([names('around')[0], names('around').length]).toEqual(['Brisk 15', 11]);
    expect(names('around', '', 1)[0]).toBe('Oracle');
    expect(names('around', '', null)).toHaveLength(32);
  });

  it('are found by any name that is shown, and by address where that is there', () => {
    expect(names('top', 'risk 30')).toEqual(['Brisk 30']);
    const known = [row('Brisk 1', 1, { members: [{ name: 'Ada', email: 'ada@x.edu' }], shownNames: ['Ada L'] })];
    for (const search of ['ADA@', 'ada l', 'ada'])
      expect(shownRows(known, { part: 'all', search, myRank: null })).toHaveLength(1);
    expect(shownRows(known, { part: 'all', search: 'ben', myRank: null })).toEqual([]);
  });
});
