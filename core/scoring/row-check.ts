import type { CsvRecord } from './csv-record.ts';
import { undouble } from './csv-record.ts';
import type { PredictionColumns } from './header.ts';
import type { Job } from './job.ts';
import { explainId } from './id-hints.ts';
import { NOT_SEEN } from './job.ts';
import { classNames } from './key-reader.ts';
import { explainLabel, judgeLabel, type KnownClasses } from './label-hints.ts';
import { MAX_LABELS } from './metrics.ts';
import { counted, quote } from './report.ts';
import { decodeText } from './utf8.ts';

const SPACE = 0x20;
/** Says which rows named a class last, so that a repeated label is seen without comparing all pairs. */
type Seen = { byClass: Uint32Array; row: number };

/** Checks one row by all rules, slowly and with explanations; the kernel only takes rows that this would accept. */
export type RowChecker = (record: CsvRecord, columns: PredictionColumns, line: number) => void;

export function createRowChecker(job: Job): RowChecker {
  const { key, kernel, bytes, ranks, truth, best, report, arena } = job;
  const { layout } = key;
  const words = new Uint32Array(key.memory.buffer, 0, layout.end / 4);
  const seen: Seen = { byClass: new Uint32Array(key.classCount), row: 0 };
  let known: KnownClasses | undefined;
  /** The field that was located last, as decoded bytes somewhere in memory. */
  let at = 0;
  let length = 0;
  let count = 0;
  let rank = 0;
  let first = 0;

  return (record, columns, line) => {
    if (record.fields !== columns.names.length) return wrongFieldCount(record, columns, line);
    const row = checkId(record, columns, line);
    if (row < 0) return;
    const trueClass = truth?.[row] ?? -1;
    const good = columns.list
      ? readList(record, columns, line, trueClass)
      : readCells(record, columns, line, trueClass);
    // The row counts as seen even when its labels are wrong: one mistake, one message.
    ranks[row] = good ? rank : 0;
    if (best !== undefined) best[row] = first;
  };

  function locate(record: CsvRecord, field: number): void {
    at = record.starts[field] ?? 0;
    length = (record.ends[field] ?? 0) - at;
    if (record.doubled[field] !== true) return;
    length = undouble(bytes, at, at + length, bytes, arena.scratch);
    at = arena.scratch;
  }

  /** The row or class index of a record. */
  function valueOf(found: number): number {
    return words[found / 4] ?? 0;
  }

  function textHere(): string {
    return decodeText(bytes, at, at + Math.min(length, 400));
  }

  /** The row that the id names, or -1 after reporting why there is none. */
  function checkId(record: CsvRecord, columns: PredictionColumns, line: number): number {
    locate(record, columns.id);
    const place = { line, column: key.columns.id };
    if (length === 0) {
      report.add('empty-id', place, () => `The ${key.columns.id} is empty. Give every row the id of its example.`);
      return -1;
    }
    const found = kernel.find(layout.idSlots, layout.idMask, at, length) >>> 0;
    if (found === 0) {
      report.add('unknown-id', place, () => explainId(textHere(), isKnownId));
      return -1;
    }
    const row = valueOf(found);
    if (ranks[row] !== NOT_SEEN) {
      report.add(
        'duplicate-id',
        place,
        () => `The id ${quote(textHere())} stands on an earlier line already. Give every id once.`,
      );
      return -1;
    }
    return row;
  }

  function isKnownId(text: string): boolean {
    const encoded = new TextEncoder().encode(text);
    if (encoded.length === 0 || encoded.length > 1_000) return false;
    bytes.set(encoded, arena.scratch);
    return kernel.find(layout.idSlots, layout.idMask, arena.scratch, encoded.length) !== 0;
  }

  function startLabels(): void {
    seen.row++;
    count = 0;
    rank = 0;
    first = 0;
  }

  /** Takes the bytes at `from` as the next best label of `row`; says what is wrong otherwise. */
  function takeLabel(from: number, size: number, trueClass: number, line: number, column: string): boolean {
    const found = kernel.find(layout.classSlots, layout.classMask, from, size) >>> 0;
    const place = { line, column };
    if (found === 0) {
      const text = decodeText(bytes, from, from + Math.min(size, 400));
      report.add(judgeLabel(text), place, () => explainLabel(text, knownClasses()));
      return false;
    }
    const value = valueOf(found);
    if (seen.byClass[value] === seen.row) {
      report.add(
        'repeated-label',
        place,
        () =>
          `The label ${quote(decodeText(bytes, from, from + size))} stands twice in this row. Ranked labels must differ.`,
      );
      return false;
    }
    if (count === MAX_LABELS) {
      report.add(
        'too-many-labels',
        place,
        () => `The row ranks more than ${MAX_LABELS} labels. Keep the best ${MAX_LABELS}.`,
      );
      return false;
    }
    seen.byClass[value] = seen.row;
    if (count === 0) first = value;
    count++;
    if (value === trueClass) rank = count;
    return true;
  }

  function knownClasses(): KnownClasses {
    known ??= { names: classNames(key), numeric: key.numeric };
    return known;
  }

  function readCells(record: CsvRecord, columns: PredictionColumns, line: number, trueClass: number): boolean {
    startLabels();
    let empty = -1;
    for (const [i, field] of columns.labels.entries()) {
      locate(record, field);
      const column = columns.names[field] ?? '';
      if (length === 0) {
        if (i === 0) return missingLabel(line, column);
        if (empty < 0) empty = i;
        continue;
      }
      if (empty >= 0) {
        const hole = columns.names[columns.labels[empty] ?? 0] ?? '';
        report.add(
          'missing-label',
          { line, column: hole },
          () => `${quote(hole)} is empty but ${quote(column)} is not. Leave only the last columns empty.`,
        );
        return false;
      }
      if (!takeLabel(at, length, trueClass, line, column)) return false;
    }
    return true;
  }

  function readList(record: CsvRecord, columns: PredictionColumns, line: number, trueClass: number): boolean {
    startLabels();
    const field = columns.labels[0] ?? 0;
    locate(record, field);
    const column = columns.names[field] ?? '';
    // A class name may hold spaces: the whole cell is tried before its parts.
    const whole = length > 0 && kernel.find(layout.classSlots, layout.classMask, at, length) !== 0;
    const end = at + length;
    let from = at;
    while (from < end) {
      let to = whole ? end : from;
      while (to < end && bytes[to] !== SPACE) to++;
      if (to > from && !takeLabel(from, to - from, trueClass, line, column)) return false;
      from = to + 1;
    }
    return count > 0 || missingLabel(line, column);
  }

  function missingLabel(line: number, column: string): boolean {
    report.add('missing-label', { line, column }, () => `The label is missing. Every row needs at least one label.`);
    return false;
  }

  function wrongFieldCount(record: CsvRecord, columns: PredictionColumns, line: number): void {
    report.add('wrong-field-count', { line }, () => {
      const hint =
        record.fields > columns.names.length
          ? 'Put quotes around a value that holds a comma.'
          : 'Write every comma, also before an empty cell.';
      return `The line has ${counted(record.fields, 'field')}, the header has ${columns.names.length}. ${hint}`;
    });
    if (record.fields <= columns.id) return;
    locate(record, columns.id);
    const found = kernel.find(layout.idSlots, layout.idMask, at, length) >>> 0;
    if (found !== 0) ranks[valueOf(found)] = 0;
  }
}
