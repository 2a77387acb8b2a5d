import { findRecord, hashBytes } from './table'
import * as job from './job'

const MAX_LABELS: u32 = 100
const NEWLINE: u32 = 10
const RETURN: u32 = 13

/** The labels of the row read last: how many, and the rank (1 …) of the true one, 0 if it is not among them. */
export let count: u32 = 0
export let rank: u32 = 0

/**
 * Reads the labels of one row from `at` to its line end, stores their indices at `out` and sets `count` and `rank`.
 * Returns the start of the next row, or 0 when anything at all is unusual (the careful path then looks again).
 */
// @ts-ignore: decorator
@inline
export function readLabels(at: usize, end: usize, trueClass: u32, out: usize): usize {
  const next = job.numeric ? readNumbers(at, trueClass, out) : readNames(at, trueClass, out, end)
  if (next > end) return 0
  if (job.want != 0 && count != job.want) return 0
  return next
}

// @ts-ignore: decorator
@inline
function nonDigits(at: usize): u32 {
  const zero = i8x16.splat(0x30)
  const ten = i8x16.splat(10)
  const low = i8x16.bitmask(i8x16.ge_u(i8x16.sub(v128.load(at), zero), ten))
  const high = i8x16.bitmask(i8x16.ge_u(i8x16.sub(v128.load(at, 16), zero), ten))
  return <u32>low | (<u32>high << 16)
}

/** Canonical numbers of at most four digits; the positions of all separators are found 32 bytes at a time. */
// @ts-ignore: decorator
@inline
function readNumbers(at: usize, trueClass: u32, out: usize): usize {
  const stamps = job.stamps
  const separator = job.separator
  const classCount = job.classCount
  const sequence = job.nextSequence()
  let base = at
  let start = at
  let bits = nonDigits(at)
  let n: u32 = 0
  let found: u32 = 0
  while (true) {
    if (bits == 0) {
      if (start == base) return 0
      base = start
      bits = nonDigits(base)
      continue
    }
    const to = base + <usize>ctz(bits)
    bits &= bits - 1
    const length = <u32>(to - start)
    if (length - 1 > 3) return 0
    const value = numberBefore(to, length)
    if (value >= classCount) return 0
    if (length > 1 && load<u8>(start) == 0x30) return 0
    const stamp = stamps + ((<usize>value) << 2)
    if (load<u32>(stamp) == sequence) return 0
    store<u32>(stamp, sequence)
    store<u32>(out + ((<usize>n) << 2), value)
    n++
    found = select<u32>(n, found, value == trueClass)
    const after = <u32>load<u8>(to)
    if (after == separator) {
      if (n == MAX_LABELS) return 0
      start = to + 1
      continue
    }
    count = n
    rank = found
    if (after == NEWLINE) return to + 1
    if (after == RETURN && load<u8>(to + 1) == NEWLINE) return to + 2
    return 0
  }
}

/** The value of the `length` (1 to 4) digits that end at `to`, all four places at once. */
// @ts-ignore: decorator
@inline
function numberBefore(to: usize, length: u32): u32 {
  let w = (load<u32>(to - 4) ^ 0x30303030) & (<u32>0xffffffff << (32 - (length << 3)))
  w = (w * 10 + (w >> 8)) & 0x00ff00ff
  return (w * 100 + (w >> 16)) & 0xffff
}

function readNames(at: usize, trueClass: u32, out: usize, end: usize): usize {
  const sequence = job.nextSequence()
  let n: u32 = 0
  let found: u32 = 0
  let start = at
  while (true) {
    let to = start
    let after: u32 = 0
    while (true) {
      if (to >= end) return 0
      after = load<u8>(to)
      if (after == job.separator || after == NEWLINE || after == RETURN) break
      to++
    }
    const length = <u32>(to - start)
    if (length == 0) return 0
    const record = findRecord(job.classSlots, job.classMask, start, length, hashBytes(start, length), true)
    if (record == 0) return 0
    const value = load<u32>(record)
    const stamp = job.stamps + ((<usize>value) << 2)
    if (load<u32>(stamp) == sequence) return 0
    store<u32>(stamp, sequence)
    store<u32>(out + ((<usize>n) << 2), value)
    n++
    if (value == trueClass) found = n
    if (after == job.separator) {
      if (n == MAX_LABELS) return 0
      start = to + 1
      continue
    }
    count = n
    rank = found
    if (after == NEWLINE) return to + 1
    if (load<u8>(to + 1) == NEWLINE) return to + 2
    return 0
  }
}
