import type { BoardRow } from './snapshot.ts';

/** A board as CSV (RFC 4180) for a spreadsheet, with names. */
export function boardCsv(rows: readonly BoardRow[], metrics: readonly string[]): string {
  const header = ['rank', 'team', 'members', 'emails', ...metrics, 'submission', 'submitted_at'];
  const lines = rows.map((row) => [
    row.rank === null ? 'baseline' : String(row.rank),
    row.name,
    (row.members ?? []).map((member) => member.name).join('; '),
    (row.members ?? []).map((member) => member.email).join('; '),
    ...metrics.map((name) => String(row.scores[name]?.value ?? '')),
    String(row.submissionId ?? ''),
    row.submittedAt ?? '',
  ]);
  return [header, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** Quoted where needed; what a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
