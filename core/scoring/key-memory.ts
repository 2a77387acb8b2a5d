import type { Kernel, KernelModule } from './kernel/kernel.ts';
import { createMemory, startKernel } from './kernel/kernel.ts';
import type { PackedIds } from './packed-ids.ts';

/** Column names. `list` is a second name for the label column, if the sample submission uses one. */
export type KeyColumns = { id: string; label: string; list?: string };

/** Where things lie in a key's memory, in bytes; the records and slots are described in `kernel/assembly/table.ts`. */
export type KeyLayout = {
  records: number;
  recordsEnd: number;
  idSlots: number;
  idMask: number;
  classRecords: number;
  classRecordsEnd: number;
  classSlots: number;
  classMask: number;
  /** u32 per row: the true class. 0 where the key is only a shape. */
  truth: number;
  /** u8 per row, see `USAGE`. 0 where the key is only a shape. */
  usage: number;
  /** u32 per row: its row in the answer key's file. 0 where that is the same order. */
  keyRows: number;
  /** Where the key ends. At least `SLACK` bytes follow; the arenas of its runs begin there. */
  end: number;
};

/**
 * A compiled answer key, or only its shape. Rows are in the order of the sample submission, else of the key's file. All arrays
 * lie in `memory`, which threads share, so that one compilation serves all; the rest is plain data that can be sent to a thread.
 */
export type AnswerKey = {
  memory: WebAssembly.Memory;
  layout: KeyLayout;
  columns: KeyColumns;
  rows: number;
  classCount: number;
  /** Classes are "0", "1", … in this order, at most 10,000 of them: the kernel parses them instead of looking them up. */
  numeric: boolean;
  /** The order of the rows is a sample submission's, which students have. */
  fromSample: boolean;
  /** Some class name holds a space, so a cell cannot be split at spaces. */
  spacedClasses: boolean;
};

/** On which boards a row counts. */
export const USAGE = { both: 0, public: 1, private: 2, ignored: 3 } as const;

/** The longest id or class name, in bytes. */
export const MAX_NAME_BYTES = 500;
/** The most classes a key may have. */
export const MAX_CLASSES = 65_536;

const AWKWARD = 0x80000000;
/** The kernel reads past a field by up to a vector, past a row by up to a list of labels. */
const SLACK = 4_096;

export type KeyContents = {
  columns: KeyColumns;
  ids: PackedIds;
  classes: PackedIds;
  fromSample: boolean;
  /** All arrays are by row, in the order of `ids`. */
  answers?: { truth: Uint32Array; usage: Uint8Array; keyRows?: Uint32Array };
};

/** Lays a key out in a new memory. `duplicates` are positions of ids that were there before; with any, the key is of no use. */
export function buildKeyMemory(
  module: KernelModule,
  contents: KeyContents,
): { key: AnswerKey; duplicates: number[]; kernel: Kernel } {
  const { ids, classes, answers, columns } = contents;
  let next = 1_024;
  const place = (bytes: number): number => {
    const at = next;
    next = Math.ceil((next + bytes) / 64) * 64;
    return at;
  };
  const idSlotCount = slotCount(ids.count);
  const classSlotCount = slotCount(classes.count);
  const idBytes = recordBytes(ids);
  const classBytes = recordBytes(classes);
  const records = place(idBytes);
  const classRecords = place(classBytes);
  const idSlots = place(8 * idSlotCount);
  const classSlots = place(8 * classSlotCount);
  const truth = answers === undefined ? 0 : place(4 * ids.count);
  const usage = answers === undefined ? 0 : place(ids.count);
  const keyRows = answers?.keyRows === undefined ? 0 : place(4 * ids.count);
  const layout: KeyLayout = {
    records,
    recordsEnd: records + idBytes,
    idSlots,
    idMask: idSlotCount - 1,
    classRecords,
    classRecordsEnd: classRecords + classBytes,
    classSlots,
    classMask: classSlotCount - 1,
    truth,
    usage,
    keyRows,
    end: place(SLACK),
  };
  const memory = createMemory(module, layout.end);
  const bytes = new Uint8Array(memory.buffer);
  writeRecords(memory, records, ids);
  const { spaces: spacedClasses } = writeRecords(memory, classRecords, classes);
  if (answers !== undefined) {
    new Uint32Array(memory.buffer, truth, ids.count).set(answers.truth);
    bytes.set(answers.usage, usage);
    if (answers.keyRows !== undefined) new Uint32Array(memory.buffer, keyRows, ids.count).set(answers.keyRows);
  }
  const kernel = startKernel(module, memory);
  const key: AnswerKey = {
    memory,
    layout,
    columns,
    fromSample: contents.fromSample,
    rows: ids.count,
    classCount: classes.count,
    numeric: areNumbers(classes),
    spacedClasses,
  };
  insertAll(kernel, memory, classRecords, layout.classRecordsEnd, classSlots, layout.classMask);
  return { key, kernel, duplicates: insertAll(kernel, memory, records, layout.recordsEnd, idSlots, layout.idMask) };
}

function slotCount(names: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, 2 * names)));
}

function recordSize(length: number): number {
  return (8 + length + 1 + 7) & ~7;
}

function recordBytes(names: PackedIds): number {
  let total = 0;
  for (let i = 0; i < names.count; i++) total += recordSize((names.offsets[i + 1] ?? 0) - (names.offsets[i] ?? 0));
  return total;
}

function writeRecords(memory: WebAssembly.Memory, at: number, names: PackedIds): { spaces: boolean } {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  let spaces = false;
  let to = at;
  for (let i = 0; i < names.count; i++) {
    const from = names.offsets[i] ?? 0;
    const length = (names.offsets[i + 1] ?? 0) - from;
    let awkward = false;
    for (let j = 0; j < length; j++) {
      const byte = names.bytes[from + j] ?? 0;
      bytes[to + 8 + j] = byte;
      // The quote, the comma, LF and CR: what cannot stand unquoted in a cell.
      if (byte === 0x22 || byte === 0x2c || byte === 0x0a || byte === 0x0d) awkward = true;
      if (byte === 0x20) spaces = true;
    }
    bytes[to + 8 + length] = 0x2c;
    words[to / 4] = i;
    words[to / 4 + 1] = awkward ? (length | AWKWARD) >>> 0 : length;
    to += recordSize(length);
  }
  return { spaces };
}

function insertAll(
  kernel: Kernel,
  memory: WebAssembly.Memory,
  from: number,
  end: number,
  slots: number,
  mask: number,
): number[] {
  const words = new Uint32Array(memory.buffer);
  const duplicates: number[] = [];
  let record = from;
  while (record < end) {
    const duplicate = kernel.insertRecords(record, end, slots, mask) >>> 0;
    if (duplicate === 0) break;
    duplicates.push(words[duplicate / 4] ?? 0);
    record = duplicate + recordSize((words[duplicate / 4 + 1] ?? 0) & ~AWKWARD);
  }
  return duplicates;
}

function areNumbers(classes: PackedIds): boolean {
  if (classes.count > 10_000) return false;
  for (let i = 0; i < classes.count; i++) {
    const text = String(i);
    const from = classes.offsets[i] ?? 0;
    if ((classes.offsets[i + 1] ?? 0) - from !== text.length) return false;
    for (let j = 0; j < text.length; j++) if (classes.bytes[from + j] !== text.charCodeAt(j)) return false;
  }
  return true;
}
