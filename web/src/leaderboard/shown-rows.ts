import type { LeaderboardRow } from '../../../core/contract/leaderboard.ts';

export type BoardPart = 'all' | 'top' | 'around';

export const topCount = 10;
const neighbours = 5;

interface Wanted {
  readonly part: BoardPart;
  /** What is searched for in names and, for staff, addresses; empty: nothing. */
  readonly search: string;
  readonly myRank: number | null;
}

/** Of a board in its order the rows that are asked for. A baseline is among them where it stands between two teams that are. */
export function shownRows(
  rows: readonly LeaderboardRow[],
  { part, search, myRank }: Wanted,
): readonly LeaderboardRow[] {
  const wanted = search.trim().toLowerCase();
  if (wanted !== '') return rows.filter((row) => textsOf(row).some((text) => text.toLowerCase().includes(wanted)));
  if (part === 'top') return between(rows, 1, topCount);
  if (part === 'around' && myRank !== null) return between(rows, myRank - neighbours, myRank + neighbours);
  return rows;
}

function between(rows: readonly LeaderboardRow[], first: number, last: number): readonly LeaderboardRow[] {
  const inside = ({ rank }: LeaderboardRow) => rank !== null && rank >= first && rank <= last;
  const start = rows.findIndex(inside);
  return start < 0 ? [] : rows.slice(first <= 1 ? 0 : start, rows.findLastIndex(inside) + 1);
}

function textsOf({ name, shownNames = [], members = [] }: LeaderboardRow): string[] {
  return [name, ...shownNames, ...members.flatMap((member) => [member.name, member.email])];
}
