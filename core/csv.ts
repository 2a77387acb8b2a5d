/** Text, a number, or an empty cell. */
export type CsvCell = string | number | null;

/**
 * A table as CSV (RFC 4180) for a spreadsheet. Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); a number stays
 * one, negative ones included.
 */
export function csvOf(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((cells) => `${cells.map(written).join(',')}\r\n`).join('');
}

function written(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
