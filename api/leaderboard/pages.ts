import type { LeaderboardRow } from '../../core/contract/leaderboard.ts';
import type { BoardRow, Snapshot } from './snapshot.ts';

/** A page of a board, cut and made into text once and sent many times. */
export interface Page {
  /** The rows as a JSON array, in UTF-8. */
  readonly json: Buffer;
  /** What to ask for next; undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface Pages {
  cut(audience: Audience, offset: number, limit: number): Page;
}

/** Classmates see pseudonyms and scores; staff see names, submissions and times as well. */
export type Audience = 'classmates' | 'staff';

const keepAtMost = 64;

export function createPages(snapshot: Snapshot): Pages {
  const kept = new Map<string, Page>();
  return {
    cut: (audience, offset, limit) => {
      const name = `${audience}-${offset}-${limit}`;
      let page = kept.get(name);
      if (page === undefined) {
        const rows = snapshot.rows.slice(offset, offset + limit).map((row) => rowFor(audience, row));
        const end = offset + limit;
        page = {
          json: Buffer.from(JSON.stringify(rows)),
          nextCursor: end < snapshot.rows.length ? String(end) : undefined,
        };
        if (kept.size >= keepAtMost) kept.clear();
        kept.set(name, page);
      }
      return page;
    },
  };
}

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
