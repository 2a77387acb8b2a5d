import type { LeaderboardRow } from '../../../core/contract/leaderboard.ts';

/** How a row came to where it is: `from` is its earlier rank, null when it is new. */
export interface Move {
  readonly from: number | null;
  readonly to: number;
}

/** Names are unique among teams and among baselines, not across the two. */
export function rowKey(row: LeaderboardRow): string {
  return row.baseline ? `baseline ${row.name}` : `team ${row.name}`;
}

/**
 * The teams that rose or are new between two readings of a board. Those that were only pushed down did nothing, and would drown the one
 * that did. A team on a page that was not loaded before is not new.
 */
export function movesBetween(
  before: readonly LeaderboardRow[],
  after: readonly LeaderboardRow[],
): ReadonlyMap<string, Move> {
  const earlier = new Map(before.map((row) => [rowKey(row), row.rank]));
  const lastSeen = before.reduce((last, row) => Math.max(last, row.rank ?? 0), 0);
  const moves = new Map<string, Move>();
  for (const row of after) {
    if (row.rank === null) continue;
    const from = earlier.get(rowKey(row));
    if (from === undefined && row.rank <= lastSeen + 1) moves.set(rowKey(row), { from: null, to: row.rank });
    if (from !== undefined && from !== null && row.rank < from) moves.set(rowKey(row), { from, to: row.rank });
  }
  return moves;
}
