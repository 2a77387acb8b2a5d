import { createInterner } from './interner.ts';
import { MAX_NAME_BYTES, USAGE } from './key-memory.ts';
import { createIdPacker, type PackedIds } from './packed-ids.ts';
import { createRecordStream, type Field, type RecordStream } from './record-stream.ts';
import { counted, quote, type ReportBuilder } from './report.ts';
import { decodeText } from './utf8.ts';

/** The rows of an answer key, in the order of its file. `labels` are positions in `distinct`. */
export type KeyFile = {
  idColumn: string;
  labelColumn: string;
  ids: PackedIds;
  distinct: string[];
  labels: Uint32Array;
  usage: Uint8Array;
  lines: Uint32Array;
};

export type KeyFileReader = Omit<RecordStream, 'finish'> & {
  /** The rows, or nothing if the header was already refused; other problems are in the report. */
  finish(): KeyFile | undefined;
};

/**
 * `label`: one column, which the built-in metrics read. `any`: one or several of whatever a custom metric reads; they are not looked at, and every
 * row has the empty label.
 */
export type KeyTargets = 'label' | 'any';

type Columns = { id: string; label: string; labelField: number; usageField: number; count: number };

/** Reads `solution.csv`: the id first, the target column, and perhaps `Usage`. */
export function createKeyFileReader(maxBytes: number, report: ReportBuilder, targets: KeyTargets): KeyFileReader {
  const ids = createIdPacker();
  const distinct = createInterner();
  const usages = createInterner();
  const usageCodes: number[] = [];
  let labels = new Uint32Array(1_024);
  let lines = new Uint32Array(1_024);
  let usage = new Uint8Array(1_024);
  let columns: Columns | undefined;
  const stream = createRecordStream(maxBytes, report, (field, fields, line) => {
    if (columns === undefined) {
      columns = readColumns(
        Array.from({ length: fields }, (_, i) => textOf(field(i))),
        report,
        line,
        targets,
      );
      return columns === undefined ? 'stop' : 'more';
    }
    readRow(columns, field, fields, line);
    return 'more';
  });
  return { push: stream.push, fail: stream.fail, tooLarge: stream.tooLarge, finish };

  function readRow(of: Columns, field: (index: number) => Field, fields: number, line: number): void {
    if (fields !== of.count) {
      report.add(
        'wrong-field-count',
        { line },
        () => `The line has ${counted(fields, 'field')}, the header has ${of.count}.`,
      );
      return;
    }
    const label = targets === 'any' ? emptyField : field(of.labelField);
    if (targets === 'label') {
      if (label.to === label.from)
        report.add(
          'missing-label',
          { line, column: of.label },
          () => 'The label is empty. Every row of the answer key needs one.',
        );
      checkLength(label, line, of.label);
    }
    const row = ids.count();
    if (row === labels.length) {
      labels = new Uint32Array(labels.buffer.transfer(8 * row));
      lines = new Uint32Array(lines.buffer.transfer(8 * row));
      usage = new Uint8Array(usage.buffer.transfer(2 * row));
    }
    lines[row] = line;
    labels[row] = distinct.positionOf(label.bytes, label.from, label.to);
    usage[row] = of.usageField < 0 ? USAGE.both : readUsage(field(of.usageField), line);
    const id = field(0);
    if (id.to === id.from) report.add('empty-id', { line, column: of.id }, () => 'The id is empty.');
    checkLength(id, line, of.id);
    ids.append(id.bytes, id.from, id.to);
  }

  function checkLength({ from, to }: Field, line: number, column: string): void {
    if (to - from <= MAX_NAME_BYTES) return;
    report.add('too-long-name', { line, column }, () => `The value is longer than ${MAX_NAME_BYTES} bytes.`);
  }

  function readUsage(cell: Field, line: number): number {
    const position = usages.positionOf(cell.bytes, cell.from, cell.to);
    const known = usageCodes[position];
    if (known !== undefined) return known;
    const text = textOf(cell);
    const name = text.trim().toLowerCase();
    if (name === 'public' || name === 'private' || name === 'ignored') return (usageCodes[position] = USAGE[name]);
    report.add(
      'bad-usage',
      { line, column: 'Usage' },
      () => `Usage is ${quote(text)}; write Public, Private or Ignored.`,
    );
    return USAGE.ignored;
  }

  function finish(): KeyFile | undefined {
    stream.finish();
    if (columns === undefined) {
      if (report.count() === 0) report.add('empty-file', {}, () => 'The answer key holds no text.');
      return undefined;
    }
    const count = ids.count();
    if (count === 0 && report.count() === 0) report.add('no-rows', {}, () => 'The answer key holds no rows.');
    return {
      idColumn: columns.id,
      labelColumn: columns.label,
      ids: ids.finish(),
      distinct: textsOf(distinct.names()),
      labels: new Uint32Array(labels.buffer.transfer(4 * count)),
      usage: new Uint8Array(usage.buffer.transfer(count)),
      lines: new Uint32Array(lines.buffer.transfer(4 * count)),
    };
  }
}

const emptyField: Field = { bytes: new Uint8Array(0), from: 0, to: 0 };

function textOf({ bytes, from, to }: Field): string {
  return decodeText(bytes, from, to);
}

function textsOf({ bytes, offsets, count }: PackedIds): string[] {
  return Array.from({ length: count }, (_, i) => decodeText(bytes, offsets[i] ?? 0, offsets[i + 1] ?? 0));
}

function readColumns(names: string[], report: ReportBuilder, line: number, wanted: KeyTargets): Columns | undefined {
  const wrong = (message: string): undefined => {
    report.add('wrong-columns', { line }, () => message);
  };
  const usages = names.flatMap((name, i) => (name.trim().toLowerCase() === 'usage' ? [i] : []));
  if (usages.length > 1) return wrong('Two columns are called Usage. Keep one.');
  const usageField = usages[0] ?? -1;
  const targets = names.flatMap((_, i) => (i === 0 || i === usageField ? [] : [i]));
  const labelField = targets[0];
  const id = names[0] ?? '';
  const said = `The first line is ${quote(names.join(','))}`;
  if (usageField === 0 || id === '' || labelField === undefined) {
    return wrong(`${said}. It must name the id, the label and, if rows differ, Usage: for example id,label,Usage.`);
  }
  const label = names[labelField] ?? '';
  if (targets.length > 1 && wanted === 'label') {
    return wrong(
      `${said}: ${counted(targets.length, 'column')} could be the label. Accuracy reads one: keep the id, the label and Usage.`,
    );
  }
  if (label === '' || label === id) return wrong(`${said}: the label column needs a name of its own.`);
  return { id, label, labelField, usageField, count: names.length };
}
