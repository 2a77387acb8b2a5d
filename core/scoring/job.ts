import type { Kernel } from './kernel/kernel.ts';
import { PAGE_BYTES } from './kernel/kernel.ts';
import { MAX_RECORD_BYTES } from './csv-record.ts';
import type { AnswerKey } from './key-memory.ts';
import { createReport, type ReportBuilder } from './report.ts';

/** The private working memory of one run, beside the key in the key's memory; addresses in bytes. */
export type Arena = {
  ranks: number;
  stamps: number;
  batch: number;
  counts: number;
  bits: number;
  scratch: number;
  window: number;
  windowBytes: number;
};

/** One file on its way through scoring or checking. */
export type Job = {
  key: AnswerKey;
  kernel: Kernel;
  arena: Arena;
  /** All of the key's memory. */
  bytes: Uint8Array;
  /** By row: 0xff not seen, 0 the true label is not in the list, else its rank. */
  ranks: Uint8Array;
  /** True class by row; absent when only the form is checked. */
  truth: Uint32Array | undefined;
  /** By row, the class that was predicted as the best; where nobody asks for it, absent. */
  best: Uint32Array | undefined;
  report: ReportBuilder;
  notices: string[];
  /** Rows read so far, good or bad. */
  rows: number;
  /** Set false in the tests that prove the kernel agrees with the careful path. */
  useKernel: boolean;
};

export const NOT_SEEN = 0xff;
const SLACK = 8_192;
/** Small enough to stay in the second-level cache between being read and being parsed. */
const WINDOW_BYTES = 393_216;

/**
 * Starts a run in the arena with this index; runs on one key at the same time take different arenas.
 * `withTruth` false checks the form only, and then nothing of the run depends on the labels.
 */
export function startJob(
  key: AnswerKey,
  kernel: Kernel,
  arenaIndex: number,
  options: { withTruth: boolean; useKernel: boolean; withBest?: boolean },
): Job {
  const arena = placeArena(key, kernel, arenaIndex);
  const { layout } = key;
  const truthAt = options.withTruth ? layout.truth : 0;
  kernel.useKey(
    layout.records,
    layout.recordsEnd,
    layout.idSlots,
    layout.idMask,
    layout.classSlots,
    layout.classMask,
    key.classCount,
    key.numeric ? 1 : 0,
  );
  kernel.useJob(truthAt, arena.ranks, key.rows, arena.stamps, arena.batch);
  return {
    key,
    kernel,
    arena,
    bytes: new Uint8Array(key.memory.buffer),
    ranks: new Uint8Array(key.memory.buffer, arena.ranks, key.rows),
    truth: truthAt === 0 ? undefined : new Uint32Array(key.memory.buffer, truthAt, key.rows),
    best: options.withBest === true ? new Uint32Array(key.rows) : undefined,
    report: createReport(),
    notices: [],
    rows: 0,
    useKernel: options.useKernel,
  };
}

function placeArena(key: AnswerKey, kernel: Kernel, index: number): Arena {
  let next = 0;
  const place = (bytes: number): number => {
    const at = next;
    next = Math.ceil((next + bytes) / 64) * 64;
    return at;
  };
  // A row of an array of scores must fit the window twice.
  const windowBytes = Math.max(WINDOW_BYTES, 2 * 8 * key.classCount);
  const offsets = {
    ranks: place(key.rows + 16),
    stamps: place(4 * key.classCount),
    batch: place(kernel.batchBytes()),
    counts: place(4 * 256 * 4),
    bits: place(key.rows / 8 + 16),
    scratch: place(MAX_RECORD_BYTES + 64),
    window: place(windowBytes + SLACK),
  };
  const base = key.layout.end + index * next;
  const missing = base + next - key.memory.buffer.byteLength;
  if (missing > 0) key.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return {
    ranks: base + offsets.ranks,
    stamps: base + offsets.stamps,
    batch: base + offsets.batch,
    counts: base + offsets.counts,
    bits: base + offsets.bits,
    scratch: base + offsets.scratch,
    window: base + offsets.window,
    windowBytes,
  };
}
