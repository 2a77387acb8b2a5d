import { csvOf } from '../../core/csv.ts';
import type { BoardRow } from './snapshot.ts';

/** A board as CSV, with names. */
export function boardCsv(rows: readonly BoardRow[], metrics: readonly string[]): string {
  const header = ['rank', 'team', 'members', 'emails', ...metrics, 'submission', 'submitted_at'];
  const lines = rows.map((row) => [
    row.rank ?? 'baseline',
    row.name,
    (row.members ?? []).map((member) => member.name).join('; '),
    (row.members ?? []).map((member) => member.email).join('; '),
    ...metrics.map((name) => row.scores[name]?.value ?? null),
    row.submissionId ?? null,
    row.submittedAt ?? null,
  ]);
  return csvOf([header, ...lines]);
}
