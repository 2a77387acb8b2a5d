/**
 * Records and the hash tables over them, for row ids and for class names.
 *
 * A record is `{ value: u32, length: u32, bytes, ',' }`, padded to 8 bytes; `value` is the row or the class index. The comma is
 * stored so that one comparison of `length + 1` bytes proves both the id and the end of its field. `AWKWARD` in `length` marks
 * bytes that cannot stand unquoted in a CSV cell: raw bytes of a file never equal such a record, only decoded ones do.
 *
 * A slot is `tag << 32 | record / 8`, 0 when empty. Addresses are of WebAssembly memory; reads may run up to 32 bytes past a
 * field, and every region keeps that much slack.
 */
export const AWKWARD: u32 = 0x80000000

// @ts-ignore: decorator
@inline
export function recordSize(length: u32): usize {
  return <usize>((8 + (length & ~AWKWARD) + 1 + 7) & ~7)
}

/** A 64-bit multiply-and-fold hash; spread matters here, secrecy does not: the table holds only the answer key's own ids. */
// @ts-ignore: decorator
@inline
export function hashBytes(at: usize, length: u32): u64 {
  let h: u64 = <u64>length * 0x9e3779b97f4a7c15
  let left = length
  while (left >= 8) {
    h = (h ^ load<u64>(at)) * 0xd6e8feb86659fd93
    h ^= h >> 32
    at += 8
    left -= 8
  }
  if (left > 0) {
    h = (h ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1))) * 0xd6e8feb86659fd93
    h ^= h >> 32
  }
  h *= 0xd6e8feb86659fd93
  return h ^ (h >> 29)
}

// @ts-ignore: decorator
@inline
export function sameBytes(a: usize, b: usize, length: u32): bool {
  let left = <i32>length
  while (left > 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) != 0xffff) return false
    a += 16
    b += 16
    left -= 16
  }
  const same = i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)))
  return ((same | (-1 << left)) & 0xffff) == 0xffff
}

// @ts-ignore: decorator
@inline
export function slotOf(record: usize, hash: u64): u64 {
  return (hash & 0xffffffff00000000) | <u64>(<u32>(record >> 3))
}

/** Finds the record of exactly these bytes, or 0. `raw` skips awkward records: the bytes come undecoded from a file. */
// @ts-ignore: decorator
@inline
export function findRecord(slots: usize, mask: u32, at: usize, length: u32, hash: u64, raw: bool): usize {
  let index = <u32>hash & mask
  while (true) {
    const slot = load<u64>(slots + ((<usize>index) << 3))
    if (slot == 0) return 0
    if (((slot ^ hash) >> 32) == 0) {
      const record = (<usize>(<u32>slot)) << 3
      const stored = load<u32>(record + 4)
      if ((raw ? stored : stored & ~AWKWARD) == length && sameBytes(at, record + 8, length)) return record
    }
    index = (index + 1) & mask
  }
}

/**
 * Inserts the records from `record` up to `end`, and stops at the first whose bytes are there already.
 * Returns the address of that duplicate, or 0 when all are in.
 */
export function insertRecords(record: usize, end: usize, slots: usize, mask: u32): usize {
  while (record < end) {
    const length = load<u32>(record + 4)
    const hash = hashBytes(record + 8, length & ~AWKWARD)
    if (findRecord(slots, mask, record + 8, length & ~AWKWARD, hash, false) != 0) return record
    let index = <u32>hash & mask
    while (load<u64>(slots + ((<usize>index) << 3)) != 0) index = (index + 1) & mask
    store<u64>(slots + ((<usize>index) << 3), slotOf(record, hash))
    record += recordSize(length)
  }
  return 0
}

/** Finds decoded bytes: the record's address, or 0. */
export function find(slots: usize, mask: u32, at: usize, length: u32): usize {
  return findRecord(slots, mask, at, length, hashBytes(at, length), false)
}
