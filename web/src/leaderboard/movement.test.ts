import { describe, expect, it } from 'vitest';
import type { LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { movesBetween } from './movement.ts';

function team(name: string, rank: number | null): LeaderboardRow {
  return { name, rank, baseline: rank === null, value: 0.5, scores: {} };
}

describe('movesBetween', () => {
  it('tells who rose, not who was pushed down', () => {
    const moves = movesBetween(
      [team('otter', 1), team('heron', 2), team('lynx', 3)],
      [team('lynx', 1), team('otter', 2), team('heron', 3)],
    );
    expect([...moves]).toEqual([['team lynx', { from: 3, to: 1 }]]);
  });

  it('tells who is new', () => {
    expect([...movesBetween([team('otter', 1)], [team('otter', 1), team('lynx', 2)])]).toEqual([
      ['team lynx', { from: null, to: 2 }],
    ]);
    expect(movesBetween([], [team('lynx', 1)]).size).toBe(1);
  });

  it('does not take a page that was loaded just now for newcomers', () => {
    const page = [team('otter', 1), team('heron', 2)];
    expect([...movesBetween(page, [...page, team('lynx', 3), team('crane', 4)]).keys()]).not.toContain('team crane');
  });

  it('leaves baselines alone, one of a team’s name included', () => {
    expect(movesBetween([team('otter', null)], [team('otter', null)]).size).toBe(0);
    expect([...movesBetween([team('otter', null)], [team('otter', 1), team('otter', null)])]).toEqual([
      ['team otter', { from: null, to: 1 }],
    ]);
  });
});
