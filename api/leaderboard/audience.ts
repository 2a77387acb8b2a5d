import type { LeaderboardRow } from '../../core/contract/leaderboard.ts';
import type { BoardRow } from './snapshot.ts';

/** Classmates see pseudonyms and scores; staff see names, submissions and times as well. */
export type Audience = 'classmates' | 'staff';

/** What of a row an audience sees: for classmates by an explicit list, so that nothing new slips through. */
export function rowFor(audience: Audience, row: BoardRow): LeaderboardRow {
  const { rank, name, baseline, value, scores } = row;
  const forAll = { rank, name, baseline, value, scores };
  if (audience === 'classmates') return forAll;
  return {
    ...forAll,
    ...(row.members && { members: row.members }),
    ...(row.submissionId !== undefined && { submissionId: row.submissionId }),
    ...(row.submittedAt !== undefined && { submittedAt: row.submittedAt }),
  };
}
