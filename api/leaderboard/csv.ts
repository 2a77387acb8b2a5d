import { csvOf, type CsvCell } from '../../core/csv.ts';
import type { BoardName, BoardRow } from './snapshot.ts';

/** A board as CSV, with names. */
export function boardCsv(rows: readonly BoardRow[], metrics: readonly string[], board: BoardName): string {
  const hasPublicRank = board !== 'public';
  const header = ['rank', ...(hasPublicRank ? ['public_rank'] : []), 'team', 'members', 'emails', ...metrics];
  const lines = rows.map((row): CsvCell[] => [
    row.rank ?? 'baseline',
    ...(hasPublicRank ? [row.publicRank ?? null] : []),
    row.name,
    (row.members ?? []).map((member) => member.name).join('; '),
    (row.members ?? []).map((member) => member.email).join('; '),
    ...metrics.map((name) => row.scores[name]?.value ?? null),
    row.submissionId ?? null,
    row.submittedAt ?? null,
  ]);
  return csvOf([[...header, 'submission', 'submitted_at'], ...lines]);
}
