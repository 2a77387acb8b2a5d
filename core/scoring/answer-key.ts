import { chooseClasses } from './classes.ts';
import { createKeyFileReader, type KeyFile, type KeyTargets } from './key-file.ts';
import { buildKeyMemory, USAGE, type AnswerKey, type KeyColumns } from './key-memory.ts';
import type { KernelModule } from './kernel/kernel.ts';
import { packStrings } from './packed-ids.ts';
import { createReport, quote, type FileReport, type ProblemCode, type ReportBuilder } from './report.ts';
import type { SampleOrder } from './sample-file.ts';
import { orderBySample } from './sample-order.ts';
import { decodeText } from './utf8.ts';

/** `public` and `private` count rows on each board; without a Usage column every row is on both. */
export type KeySummary = {
  rows: number;
  public: number;
  private: number;
  ignored: number;
  classes: string[];
  columns: KeyColumns;
};

export type CompiledKey = { kind: 'compiled'; key: AnswerKey; summary: KeySummary; notices: string[] };
export type KeyResult = CompiledKey | { kind: 'rejected'; report: FileReport };

export type KeyCompilerOptions = {
  kernel: KernelModule;
  /** The most bytes to read, decompressed. */
  maxBytes: number;
  /** Class names in the order of an array's columns; see `chooseClasses` for the default. */
  classes?: readonly string[];
  /** Fixes the row order of arrays; without it that is the key's own. Must hold exactly the key's ids. */
  sample?: SampleOrder;
  /** `label` unless given. With `any` there are no classes. */
  targets?: KeyTargets;
};

/** Takes the bytes of an answer key, decompressed, in pieces of any size. */
export type KeyCompiler = {
  push(bytes: Uint8Array): boolean;
  fail(code: ProblemCode, message: string): void;
  tooLarge(): void;
  finish(): KeyResult;
};

export function createKeyCompiler(options: KeyCompilerOptions): KeyCompiler {
  const report = createReport();
  const reader = createKeyFileReader(options.maxBytes, report, options.targets ?? 'label');
  return {
    push: reader.push,
    fail: reader.fail,
    tooLarge: reader.tooLarge,
    finish() {
      const file = reader.finish();
      if (file !== undefined && report.count() > 0) addDuplicates(file, report);
      const result = file === undefined || report.count() > 0 ? undefined : assemble(file, options, report);
      return result === undefined || report.count() > 0 ? { kind: 'rejected', report: report.report() } : result;
    },
  };
}

function assemble(
  file: KeyFile,
  { kernel, classes: given, sample, targets }: KeyCompilerOptions,
  report: ReportBuilder,
): CompiledKey | undefined {
  const classes = targets === 'any' ? file.distinct : chooseClasses(file.distinct, given, report);
  const truth = readTruth(file, classes, report);
  if (report.count() > 0) return undefined;
  const columns = chooseColumns(file, sample, report);
  const packed = packStrings(classes);
  const summary = summarize(file, targets === 'any' ? [] : classes, columns);
  const notices = noticesOf(summary, file);
  if (sample !== undefined) {
    const order = orderBySample({ kernel, file, truth, sample, columns, classes: packed, report });
    return order === undefined ? undefined : { kind: 'compiled', key: order, summary, notices };
  }
  const answers = { truth, usage: file.usage };
  const { key, duplicates } = buildKeyMemory(kernel, {
    columns,
    ids: file.ids,
    classes: packed,
    answers,
    fromSample: false,
  });
  for (const row of duplicates) addDuplicate(file, row, report);
  return { kind: 'compiled', key, summary, notices };
}

function addDuplicate(file: KeyFile, row: number, report: ReportBuilder): void {
  report.add(
    'duplicate-id',
    { line: file.lines[row] ?? 0, column: file.idColumn },
    () => `The id ${quote(idText(file, row))} stands on an earlier line already. Every id must be there once.`,
  );
}

/** For a key that is refused anyway: it names its repeated ids as well, so that one look mends everything. */
function addDuplicates(file: KeyFile, report: ReportBuilder): void {
  const seen = new Set<string>();
  for (let row = 0; row < file.ids.count; row++) {
    const id = idText(file, row);
    if (id !== '' && seen.has(id)) addDuplicate(file, row, report);
    seen.add(id);
  }
}

function readTruth(file: KeyFile, classes: readonly string[], report: ReportBuilder): Uint32Array {
  const indices = new Map(classes.map((name, i) => [name, i]));
  const byLabel = file.distinct.map((label) => indices.get(label) ?? -1);
  return file.labels.map((label, row) => {
    const index = byLabel[label] ?? -1;
    if (index < 0) {
      report.add('unknown-label', { line: file.lines[row] ?? 0, column: file.labelColumn }, () => {
        return `The label ${quote(file.distinct[label] ?? '')} is not among the given classes.`;
      });
    }
    return index;
  });
}

function chooseColumns(file: KeyFile, sample: SampleOrder | undefined, report: ReportBuilder): KeyColumns {
  const columns = { id: file.idColumn, label: file.labelColumn };
  if (sample === undefined) return columns;
  const [id, label] = sample.columns;
  if (id !== columns.id) {
    report.add(
      'wrong-columns',
      { line: 1 },
      () =>
        `The id column of the sample submission is ${quote(id ?? '')}, of the answer key ${quote(columns.id)}. Give them one name.`,
    );
  }
  const isList =
    sample.columns.length === 2 &&
    label !== undefined &&
    label !== '' &&
    label !== columns.label &&
    label !== `${columns.label}_1`;
  return isList ? { ...columns, list: label } : columns;
}

function summarize(file: KeyFile, classes: string[], columns: KeyColumns): KeySummary {
  const counts = [0, 0, 0, 0];
  for (const usage of file.usage) counts[usage] = (counts[usage] ?? 0) + 1;
  const both = counts[USAGE.both] ?? 0;
  return {
    rows: file.ids.count,
    public: both + (counts[USAGE.public] ?? 0),
    private: both + (counts[USAGE.private] ?? 0),
    ignored: counts[USAGE.ignored] ?? 0,
    classes,
    columns,
  };
}

function noticesOf(summary: KeySummary, file: KeyFile): string[] {
  const notices: string[] = [];
  if (summary.public === 0) notices.push('No row is Public: the public board will have no scores.');
  if (summary.private === 0) notices.push('No row is Private: the private board will have no scores.');
  const spaced = file.distinct.find((label) => label !== label.trim());
  if (spaced !== undefined)
    notices.push(`The label ${quote(spaced)} begins or ends with a space, and predictions must repeat it.`);
  return notices;
}

function idText(file: KeyFile, row: number): string {
  return decodeText(file.ids.bytes, file.ids.offsets[row] ?? 0, file.ids.offsets[row + 1] ?? 0);
}
