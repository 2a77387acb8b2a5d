import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Email } from '../contract/people.ts';
import type { ProblemItem } from '../contract/problems.ts';
import { recogniseColumns, type ColumnMapping, type Columns, type RosterFormat } from './columns.ts';
import { decodeRoster } from './decode.ts';

/** A student as a file tells of them; empty where it does not say. */
export interface RosterRow {
  /** From 1, the header included. */
  readonly line: number;
  /** Lower case; empty where the file knows only a username or a student id. */
  readonly email: string;
  readonly name: string;
  readonly studentId: string;
  readonly username: string;
  readonly section: string;
}

export type RosterReading =
  | {
      readonly kind: 'read';
      readonly format: RosterFormat;
      readonly rows: readonly RosterRow[];
      readonly skipped: number;
    }
  | { readonly kind: 'rejected'; readonly errors: readonly ProblemItem[] };

interface Terms {
  readonly mapping: ColumnMapping;
  /** Makes an address of a username: `ada` at `bu.edu`. */
  readonly domain: string | undefined;
}

export const maxRosterRows = 20_000;
const maxCharacters = 200;

/**
 * Reads the students of a file: an export of Gradescope, Canvas or Blackboard, or any table with a header, with commas, semicolons or tabs. Staff,
 * Canvas's row of possible points and its test student are skipped. All that is wrong is told, each with its line and column.
 */
export function readRoster(bytes: Uint8Array, { mapping, domain }: Terms): RosterReading {
  const text = decodeRoster(bytes);
  if (text === undefined)
    return rejected({ message: 'This is no text. Save the sheet as CSV (comma delimited) and send that file.' });
  const records = recordsOf(text);
  if (!Array.isArray(records)) return rejected(records);
  const [header, ...body] = records;
  if (!header) return rejected({ line: 1, message: 'The file is empty.' });
  if (body.length > maxRosterRows)
    return rejected({ message: `The file has ${body.length} rows; at most ${maxRosterRows} are taken at once.` });
  const recognised = recogniseColumns(header.cells, mapping);
  if (recognised.kind === 'unrecognised') {
    const { column, message } = recognised;
    return rejected({ line: 1, ...(column !== undefined && { column }), message });
  }
  const { format, columns } = recognised;
  const students = body.filter((record) => isStudent(format, columns, record));
  const outcomes = students.map((record) => readRow(record, { header: header.cells, columns, domain }));
  const rows = outcomes.flatMap((outcome) => ('errors' in outcome ? [] : [outcome]));
  const errors = [...outcomes.flatMap((outcome) => ('errors' in outcome ? outcome.errors : [])), ...repeated(rows)];
  if (errors.length > 0) return { kind: 'rejected', errors: errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
  if (rows.length === 0) return rejected({ line: 1, message: 'The file has a header and no student.' });
  return { kind: 'read', format, rows, skipped: body.length - students.length };
}

function rejected(...errors: ProblemItem[]): RosterReading {
  return { kind: 'rejected', errors };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

const Parsed = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

function recordsOf(text: string): Line[] | ProblemItem {
  try {
    const options = { delimiter: delimiterOf(text), info: true, relax_column_count: true, skip_empty_lines: true };
    return Parsed.parse(parse(text, options)).flatMap(({ record, info }) =>
      record.every((cell) => cell.trim() === '') ? [] : [{ line: info.lines, cells: record }],
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = z.object({ lines: z.number() }).safeParse(error).data?.lines;
    const message = 'The quotes of this line don’t match: a quote within a cell is written twice.';
    return { ...(line !== undefined && { line }), message };
  }
}

/** What separates the cells of the first line most often, outside quotes. */
function delimiterOf(text: string): string {
  const first =
    text
      .trimStart()
      .split(/[\r\n]/, 1)[0]
      ?.replaceAll(/"[^"]*"/g, '') ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.delimiter ?? ',';
}

function isStudent(format: RosterFormat, columns: Columns, { cells }: Line): boolean {
  const at = (index: number | undefined) => (index === undefined ? '' : (cells[index] ?? '').trim());
  const role = at(columns.role).toLowerCase();
  if (role !== '' && role !== 'student') return false;
  if (format !== 'canvas') return true;
  const name = at(columns.name);
  return name !== '' && name !== 'Points Possible' && name !== 'Student, Test';
}

interface Reading {
  readonly header: readonly string[];
  readonly columns: Columns;
  readonly domain: string | undefined;
}

function readRow({ line, cells }: Line, { header, columns, domain }: Reading): RosterRow | { errors: ProblemItem[] } {
  const errors: ProblemItem[] = [];
  const refuse = (index: number | undefined, message: string) => {
    const column = index === undefined ? undefined : header[index]?.trim();
    errors.push({ line, ...(column !== undefined && { column }), message });
  };
  if (cells.length > header.length)
    refuse(
      undefined,
      `This line has ${cells.length} cells, the header ${header.length}: a cell with a comma needs quotes.`,
    );
  const at = (index: number | undefined) => {
    const cell = index === undefined ? '' : (cells[index] ?? '').replaceAll(/\s+/g, ' ').trim();
    if (cell.length > maxCharacters)
      refuse(index, `This cell has ${cell.length} characters, more than ${maxCharacters}.`);
    return cell;
  };
  const [studentId, username, section] = [at(columns.studentId), at(columns.username), at(columns.section)];
  const name = nameOf(at(columns.name), at(columns.firstName), at(columns.lastName));
  if (name === '') refuse(columns.name ?? columns.lastName ?? columns.firstName, 'The name is missing.');
  const written = at(columns.email) || (username.includes('@') ? username : '');
  const address = written || (username !== '' && domain !== undefined ? `${username}@${domain}` : '');
  const email = address === '' ? '' : Email.safeParse(address).data;
  const addressColumn = columns.email ?? columns.username ?? columns.studentId;
  if (email === undefined) refuse(addressColumn, `"${address}" is no e-mail address such as ada@example.edu.`);
  if (address === '' && username === '' && studentId === '') refuse(addressColumn, 'The e-mail address is missing.');
  return errors.length > 0 ? { errors } : { line, email: email ?? '', name, studentId, username, section };
}

/** Canvas writes `Lovelace, Ada`. */
function nameOf(whole: string, first: string, last: string): string {
  const [family, given] = whole.split(',', 2).map((part) => part.trim());
  if (family !== undefined && given) return `${given} ${family}`;
  return whole || `${first} ${last}`.trim();
}

/** Who is there twice can't be told apart from a slip. */
function repeated(rows: readonly RosterRow[]): ProblemItem[] {
  return (['email', 'studentId', 'username'] as const).flatMap((field) => {
    const lines = new Map<string, number>();
    return rows.flatMap((row): ProblemItem[] => {
      const key = row[field].toLowerCase();
      if (key === '') return [];
      const earlier = lines.get(key);
      if (earlier === undefined) lines.set(key, row.line);
      return earlier === undefined
        ? []
        : [{ line: row.line, message: `"${row[field]}" is on line ${earlier} already.` }];
    });
  });
}
