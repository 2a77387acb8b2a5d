import { extraColumns, longLine, notUtf8, reportMissingIds, tooManyRows, unterminatedQuote } from './csv-problems.ts';
import { createRecord, MAX_RECORD_BYTES, readRecord, undouble } from './csv-record.ts';
import { readHeader, type PredictionColumns } from './header.ts';
import type { Job } from './job.ts';
import { counted, type ProblemCode } from './report.ts';
import { createRowChecker } from './row-check.ts';
import { decodeText, findInvalidUtf8 } from './utf8.ts';

/** Reads one form of file out of the window. */
export type FormReader = {
  /** Takes what it can of the bytes at `from` … `to` and returns where the rest starts; `last` says that the file ends at `to`. */
  read(from: number, to: number, last: boolean): number;
  /** True once nothing that follows can change the verdict. */
  stopped(): boolean;
  /** Reports what only shows at the end of the file. */
  finish(): void;
};

const NEWLINE = 0x0a;
const SPACE = 0x20;
const COMMA = 0x2c;
/** The most rows that are read carefully before the kernel is tried again on a file that it keeps refusing. */
const MAX_PATIENCE = 1_024;

/**
 * Reads a predictions CSV: the kernel takes runs of plain good rows, and any other row is read here, with all rules and messages.
 * Both agree on every row that the kernel takes, so where one stops and the other starts does not show.
 */
export function createCsvReader(job: Job): FormReader {
  const { kernel, bytes, report } = job;
  const record = createRecord();
  const checkRow = createRowChecker(job);
  // Every row beyond the number of ids is wrong already; a file of millions of them only keeps a thread busy.
  const mostRows = 2 * job.key.rows + 1_000;
  let columns: PredictionColumns | undefined;
  let line = 1;
  let stop = false;
  let plain = false;
  let patience = 1;
  let careful = 0;

  return { read, stopped: () => stop, finish };

  function read(from: number, to: number, last: boolean): number {
    let at = from;
    while (at < to && !stop) {
      if (plain && careful === 0) {
        const next = kernel.scan(at, to) >>> 0;
        const taken = kernel.rowsTaken();
        line += taken;
        job.rows += taken;
        patience = next > at ? 1 : Math.min(2 * patience, MAX_PATIENCE);
        careful = patience;
        at = next;
        if (at >= to) break;
      }
      while (at < to && bytes[at] === NEWLINE) {
        at++;
        line++;
      }
      if (at >= to) break;
      const status = readRecord(bytes, at, to, last, record);
      if (status === 'incomplete') {
        if (to - at > MAX_RECORD_BYTES) fail(...endlessRecord(at));
        // The row was refused only because it is cut off here: with the rest of it, it is the kernel's again.
        if (patience === 1) careful = 0;
        break;
      }
      if (status === 'unterminated-quote') fail(...unterminatedQuote());
      else if (record.next - at > MAX_RECORD_BYTES) fail(...endlessRecord(at));
      else if (status !== 'blank') readRow(at, status === 'stray-text');
      line += record.lines;
      careful = Math.max(0, careful - 1);
      at = status === 'unterminated-quote' ? to : record.next;
    }
    return at;
  }

  function readRow(at: number, stray: boolean): void {
    const invalid = findInvalidUtf8(bytes, at, record.next);
    if (invalid >= 0) return fail(...notUtf8(at, invalid));
    if (columns === undefined) return startRows();
    if (job.rows >= mostRows) return fail(...tooManyRows(job.key.rows, job.rows));
    job.rows++;
    if (!stray) return checkRow(record, columns, line);
    report.add(
      'bad-quote',
      { line },
      () => 'A closing quote is followed by more text. Double the quotes that belong to a value: "".',
    );
  }

  function startRows(): void {
    const header = readHeader(
      Array.from({ length: record.fields }, (_, i) => fieldText(i)),
      job.key.columns,
    );
    if (header.kind === 'problem') {
      const { code, message, ...place } = header.problem;
      report.add(code, { line, ...place }, () => message);
      stop = true;
      return;
    }
    columns = header.columns;
    if (columns.extra.length > 0) job.notices.push(extraColumns(columns.extra));
    plain = job.useKernel && useLayout(columns);
  }

  /** The kernel knows one layout: the id, then the labels, and nothing else. */
  function useLayout({ id, labels, names, list }: PredictionColumns): boolean {
    if (id !== 0 || names.length !== labels.length + 1 || labels.some((field, i) => field !== i + 1)) return false;
    if (list) kernel.useLayout(job.key.spacedClasses ? 0 : SPACE, job.key.spacedClasses ? 1 : 0);
    else kernel.useLayout(labels.length === 1 ? 0 : COMMA, labels.length);
    return true;
  }

  function fieldText(field: number): string {
    const from = record.starts[field] ?? 0;
    const to = record.ends[field] ?? 0;
    if (record.doubled[field] !== true) return decodeText(bytes, from, to);
    return decodeText(
      bytes,
      job.arena.scratch,
      job.arena.scratch + undouble(bytes, from, to, bytes, job.arena.scratch),
    );
  }

  function fail(code: ProblemCode, message: string): void {
    report.end(code, { line }, message);
    stop = true;
  }

  function endlessRecord(at: number): [ProblemCode, string] {
    const open = readRecord(bytes, at, at + MAX_RECORD_BYTES, true, record) === 'unterminated-quote';
    return open ? unterminatedQuote() : longLine();
  }

  function finish(): void {
    if (stop) return;
    if (columns === undefined)
      return report.add('empty-file', {}, () => 'The file holds no text. Upload the file that your code wrote.');
    if (job.rows === 0) {
      return report.add(
        'no-rows',
        { line: 1 },
        () => `The file ends after the header. It must hold ${counted(job.key.rows, 'row')}, one for each id.`,
      );
    }
    reportMissingIds(job);
  }
}
