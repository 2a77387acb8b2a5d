import type { KeyFile } from './key-file.ts';
import { buildKeyMemory, type AnswerKey, type KeyColumns } from './key-memory.ts';
import type { KernelModule } from './kernel/kernel.ts';
import type { PackedIds } from './packed-ids.ts';
import { counted, quote, type ReportBuilder } from './report.ts';
import type { SampleOrder } from './sample-file.ts';
import { decodeText } from './utf8.ts';

type Inputs = {
  kernel: KernelModule;
  file: KeyFile;
  truth: Uint32Array;
  sample: SampleOrder;
  columns: KeyColumns;
  classes: PackedIds;
  report: ReportBuilder;
};

/** Builds a key whose rows are in the sample's order; reports ids that the two files do not share. */
export function orderBySample({
  kernel: module,
  file,
  truth,
  sample,
  columns,
  classes,
  report,
}: Inputs): AnswerKey | undefined {
  const rows = sample.ids.count;
  const answers = { truth: new Uint32Array(rows), usage: new Uint8Array(rows), keyRows: new Uint32Array(rows) };
  const { key, kernel, duplicates } = buildKeyMemory(module, {
    columns,
    ids: sample.ids,
    classes,
    answers,
    fromSample: true,
  });
  if (duplicates.length > 0) {
    report.add('duplicate-id', { column: columns.id }, () => {
      return `The sample submission holds the id ${quote(idText(sample.ids, duplicates[0] ?? 0))} twice.`;
    });
    return undefined;
  }
  const { layout, memory } = key;
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer, 0, layout.end / 4);
  // An id to look up is put behind the key, where its arenas will be.
  const scratch = layout.end;
  const usage = bytes.subarray(layout.usage, layout.usage + rows);
  const sampleTruth = new Uint32Array(memory.buffer, layout.truth, rows);
  const keyRows = new Uint32Array(memory.buffer, layout.keyRows, rows);
  const seen = new Uint8Array(rows);
  let matched = 0;
  for (let row = 0; row < file.ids.count; row++) {
    const from = file.ids.offsets[row] ?? 0;
    const to = file.ids.offsets[row + 1] ?? 0;
    bytes.set(file.ids.bytes.subarray(from, to), scratch);
    const record = kernel.find(layout.idSlots, layout.idMask, scratch, to - from) >>> 0;
    const position = record === 0 ? -1 : (words[record / 4] ?? 0);
    const place = { line: file.lines[row] ?? 0, column: columns.id };
    if (position < 0) {
      report.add(
        'unknown-id',
        place,
        () => `The id ${quote(idText(file.ids, row))} is not in the sample submission. The two must hold the same ids.`,
      );
    } else if (seen[position] === 1) {
      report.add(
        'duplicate-id',
        place,
        () => `The id ${quote(idText(file.ids, row))} stands on an earlier line already. Every id must be there once.`,
      );
    } else {
      seen[position] = 1;
      matched++;
      sampleTruth[position] = truth[row] ?? 0;
      usage[position] = file.usage[row] ?? 0;
      keyRows[position] = row;
    }
  }
  if (matched < rows) {
    const example = idText(sample.ids, seen.indexOf(0));
    report.add('missing-id', { column: columns.id }, () => {
      return `${counted(rows - matched, 'id')} of the sample submission, such as ${quote(example)}, are not in the answer key. The two must hold the same ids.`;
    });
  }
  return key;
}

function idText(ids: PackedIds, row: number): string {
  return decodeText(ids.bytes, ids.offsets[row] ?? 0, ids.offsets[row + 1] ?? 0);
}
