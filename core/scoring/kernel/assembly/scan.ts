import { findRecord, hashBytes, recordSize, sameBytes } from './table'
import * as job from './job'
import * as labels from './labels'

const NOT_SEEN: u32 = 0xff
const NO_CLASS: u32 = 0xffffffff
const BATCH: usize = 256
/** Room for labels in a batch; a row holds at most 100. */
const MAX_BATCH_LABELS: u32 = 4096

// Arrays of one batch, by offset: where the id starts, its length, where the next row starts, the hash, the record, the first
// label (one more entry than rows: where the labels of the last row end), the labels.
const ID_AT: usize = 0
const ID_LENGTH: usize = ID_AT + 4 * BATCH
const NEXT: usize = ID_LENGTH + 4 * BATCH
const HASH: usize = NEXT + 4 * BATCH
const RECORD: usize = HASH + 8 * BATCH
const FIRST: usize = RECORD + 8 * BATCH
const LABELS: usize = FIRST + 4 * (BATCH + 2)

/** Bytes that a batch needs at the address given to `useJob`. */
export function batchBytes(): usize {
  return LABELS + (<usize>(MAX_BATCH_LABELS + 100) << 2)
}

/**
 * Takes whole, plain, good rows from `at`: a known id not seen before, a comma, known and distinct labels, a line end, all before
 * `end`. Returns where it stopped: at `end`, or at the start of the first row that is anything else. `rowsTaken` counts them.
 */
export function scan(at: usize, end: usize): usize {
  let cursor = job.cursor
  let taken: u32 = 0
  const ranks = job.ranks
  const truth = job.truth
  const recordsEnd = job.recordsEnd
  while (at < end) {
    if (cursor < recordsEnd) {
      const length = load<u32>(cursor + 4)
      if (length < 4096 && sameBytes(at, cursor + 8, length + 1)) {
        const row = load<u32>(cursor)
        const trueClass = truth == 0 ? NO_CLASS : load<u32>(truth + ((<usize>row) << 2))
        const next = labels.readLabels(at + length + 1, end, trueClass, job.batch)
        if (next == 0 || load<u8>(ranks + row) != NOT_SEEN) break
        store<u8>(ranks + row, labels.rank)
        cursor += recordSize(length)
        taken++
        at = next
        continue
      }
    }
    job.setCursor(cursor)
    job.setRows(0)
    const next = scanBatch(at, end)
    cursor = job.cursor
    taken += job.rows
    if (next == at) break
    at = next
  }
  job.setCursor(cursor)
  job.setRows(taken)
  return at
}

export function rowsTaken(): u32 {
  return job.rows
}

/**
 * The same for rows in any order. Looking up a million ids misses the cache several times each; done in stages over a batch, the
 * misses of many rows overlap.
 */
function scanBatch(at: usize, end: usize): usize {
  const batch = job.batch
  const n = readBatch(at, end)
  const slots = job.idSlots
  const mask = job.idMask

  // First guesses, without waiting for any of them.
  for (let i: u32 = 0; i < n; i++) {
    const hash = load<u64>(batch + HASH + ((<usize>i) << 3))
    const slot = load<u64>(slots + ((<usize>(<u32>hash & mask)) << 3))
    const guess = select<u32>(<u32>slot, 0, ((slot ^ hash) >> 32) == 0)
    store<u64>(batch + RECORD + ((<usize>i) << 3), (<u64>guess) << 3)
  }
  for (let i: u32 = 0; i < n; i++) {
    const guess = <usize>load<u64>(batch + RECORD + ((<usize>i) << 3))
    const length = load<u32>(batch + ID_LENGTH + ((<usize>i) << 2))
    const idAt = <usize>load<u32>(batch + ID_AT + ((<usize>i) << 2))
    if (guess != 0 && load<u32>(guess + 4) == length && sameBytes(idAt, guess + 8, length)) continue
    const hash = load<u64>(batch + HASH + ((<usize>i) << 3))
    store<u64>(batch + RECORD + ((<usize>i) << 3), <u64>findRecord(slots, mask, idAt, length, hash, true))
  }
  return placeBatch(at, n)
}

/** Reads up to a batch of rows from `at`: ids, hashes, labels. Returns how many are whole and plain. */
function readBatch(at: usize, end: usize): u32 {
  const batch = job.batch
  let n: u32 = 0
  let first: u32 = 0
  while (n < <u32>BATCH && at < end && first < MAX_BATCH_LABELS) {
    const length = fieldLength(at, end)
    if (length == 0) break
    const next = labels.readLabels(at + length + 1, end, NO_CLASS, batch + LABELS + ((<usize>first) << 2))
    if (next == 0) break
    store<u32>(batch + ID_AT + ((<usize>n) << 2), <u32>at)
    store<u32>(batch + ID_LENGTH + ((<usize>n) << 2), length)
    store<u32>(batch + NEXT + ((<usize>n) << 2), <u32>next)
    store<u32>(batch + FIRST + ((<usize>n) << 2), first)
    store<u64>(batch + HASH + ((<usize>n) << 3), hashBytes(at, length))
    first += labels.count
    n++
    at = next
  }
  store<u32>(batch + FIRST + ((<usize>n) << 2), first)
  return n
}

/** The bytes from `at` to the next comma, 0 if there is none before `end` or the field is empty. */
// @ts-ignore: decorator
@inline
function fieldLength(at: usize, end: usize): u32 {
  const comma = i8x16.splat(0x2c)
  let p = at
  while (p < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), comma))
    if (found != 0) return <u32>(p + <usize>ctz(found) - at)
    p += 16
  }
  return 0
}

/** Writes the ranks of a batch in file order, up to the first id that is unknown or was seen before. */
function placeBatch(at: usize, n: u32): usize {
  const batch = job.batch
  const ranks = job.ranks
  const truth = job.truth
  let last: usize = 0
  let i: u32 = 0
  for (; i < n; i++) {
    const record = <usize>load<u64>(batch + RECORD + ((<usize>i) << 3))
    if (record == 0) break
    const row = load<u32>(record)
    if (load<u8>(ranks + row) != NOT_SEEN) break
    let rank: u32 = 0
    if (truth != 0) {
      const trueClass = load<u32>(truth + ((<usize>row) << 2))
      const first = load<u32>(batch + FIRST + ((<usize>i) << 2))
      const to = load<u32>(batch + FIRST + ((<usize>(i + 1)) << 2))
      for (let j = first; j < to; j++) {
        rank = select<u32>(j - first + 1, rank, load<u32>(batch + LABELS + ((<usize>j) << 2)) == trueClass)
      }
    }
    store<u8>(ranks + row, rank)
    last = record
  }
  job.setRows(i)
  if (i == 0) return at
  job.setCursor(last + recordSize(load<u32>(last + 4)))
  return <usize>load<u32>(batch + NEXT + ((<usize>(i - 1)) << 2))
}
