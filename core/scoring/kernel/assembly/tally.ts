/** Counts rows by usage and rank: `out` is u32[4][256], zeroed by the caller. */
export function tally(ranks: usize, usage: usize, rows: u32, out: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    const at = out + ((((<usize>load<u8>(usage + i)) << 8) | <usize>load<u8>(ranks + i)) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

/** One bit per row, lowest bit first: the rank is between 1 and `k`. Writes whole pairs of bytes; ranks past the end are ignored. */
export function hitBits(ranks: usize, rows: u32, k: u32, out: usize): void {
  const one = i8x16.splat(1)
  const limit = i8x16.splat(<i8>k)
  for (let i: u32 = 0; i < rows; i += 16) {
    // rank - 1 < k, unsigned: a rank of 0 wraps to 255.
    const hit = i8x16.lt_u(i8x16.sub(v128.load(ranks + i), one), limit)
    const left = rows - i
    const keep = left >= 16 ? 0xffff : (1 << left) - 1
    store<u16>(out + (i >> 3), <u16>(i8x16.bitmask(hit) & keep))
  }
}
