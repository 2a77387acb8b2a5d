import type { LeaderboardRow } from '../../core/contract/leaderboard.ts';
import { rounded, roundedScores } from './rounded.ts';
import type { BoardRow } from './snapshot.ts';

/** Classmates see pseudonyms and scores; staff see names, submissions and times as well. */
export type Audience = 'classmates' | 'staff';

/** What of a row an audience sees: for classmates by an explicit list, so that nothing new slips through. */
export function rowFor(audience: Audience, row: BoardRow): LeaderboardRow {
  const { rank, publicRank, name, shownNames, baseline, value, scores } = row;
  const known = shownNames && { shownNames };
  const move = publicRank === undefined ? {} : { publicRank };
  if (audience === 'classmates') {
    const shown = row.isPublic ? { value: rounded(value), scores: roundedScores(scores) } : { value, scores };
    return { rank, ...move, name, ...known, baseline, ...shown };
  }
  return {
    rank,
    ...move,
    name,
    ...known,
    baseline,
    value,
    scores,
    ...(row.members && { members: row.members }),
    ...(row.submissionId !== undefined && { submissionId: row.submissionId }),
    ...(row.submittedAt !== undefined && { submittedAt: row.submittedAt }),
  };
}
