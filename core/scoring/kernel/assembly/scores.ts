/**
 * Ranks of the true class in rows of class scores, ties towards the lower class index:
 * 1 + the classes before it that score at least as high + those after it that score higher.
 *
 * Each function takes whole rows until one holds NaN or an infinity, and returns how many it took. `truth` is 0 when only the form
 * is checked. A rank above 100 is stored as 0, like a label that is not in the list.
 */
const MAX_RANK: u32 = 100

export function rankF32(at: usize, rows: u32, classes: u32, truth: usize, ranks: usize): u32 {
  for (let r: u32 = 0; r < rows; r++) {
    const t: usize = truth == 0 ? <usize>0 : <usize>load<u32>(truth + ((<usize>r) << 2))
    const middle = at + (t << 2)
    const end = at + ((<usize>classes) << 2)
    const score = load<f32>(middle)
    const own = f32x4.splat(score)
    let count = i32x4.splat(0)
    let odd = i32x4.splat(0)
    let above: u32 = 0
    let p = at
    for (; p + 16 <= middle; p += 16) {
      const v = v128.load(p)
      count = i32x4.sub(count, f32x4.ge(v, own))
      odd = v128.or(odd, f32x4.sub(v, v))
    }
    for (; p < middle; p += 4) {
      const v = load<f32>(p)
      above += <u32>(v >= score)
      odd = v128.or(odd, f32x4.splat(v - v))
    }
    for (; p + 16 <= end; p += 16) {
      const v = v128.load(p)
      count = i32x4.sub(count, f32x4.gt(v, own))
      odd = v128.or(odd, f32x4.sub(v, v))
    }
    for (; p < end; p += 4) {
      const v = load<f32>(p)
      above += <u32>(v > score)
      odd = v128.or(odd, f32x4.splat(v - v))
    }
    if (v128.any_true(odd)) return r
    above += i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3)
    storeRank(ranks + r, above, truth)
    at = end
  }
  return rows
}

export function rankF64(at: usize, rows: u32, classes: u32, truth: usize, ranks: usize): u32 {
  for (let r: u32 = 0; r < rows; r++) {
    const t: usize = truth == 0 ? <usize>0 : <usize>load<u32>(truth + ((<usize>r) << 2))
    const middle = at + (t << 3)
    const end = at + ((<usize>classes) << 3)
    const score = load<f64>(middle)
    const own = f64x2.splat(score)
    let count = i64x2.splat(0)
    let odd = i64x2.splat(0)
    let above: u32 = 0
    let p = at
    for (; p + 16 <= middle; p += 16) {
      const v = v128.load(p)
      count = i64x2.sub(count, f64x2.ge(v, own))
      odd = v128.or(odd, f64x2.sub(v, v))
    }
    for (; p < middle; p += 8) {
      const v = load<f64>(p)
      above += <u32>(v >= score)
      odd = v128.or(odd, f64x2.splat(v - v))
    }
    for (; p + 16 <= end; p += 16) {
      const v = v128.load(p)
      count = i64x2.sub(count, f64x2.gt(v, own))
      odd = v128.or(odd, f64x2.sub(v, v))
    }
    for (; p < end; p += 8) {
      const v = load<f64>(p)
      above += <u32>(v > score)
      odd = v128.or(odd, f64x2.splat(v - v))
    }
    if (v128.any_true(odd)) return r
    above += <u32>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1))
    storeRank(ranks + r, above, truth)
    at = end
  }
  return rows
}

/** Half floats compare as integers once the negative ones are mirrored; -0 becomes 0 first, so that the two tie. */
// @ts-ignore: decorator
@inline
function halfKeys(v: v128): v128 {
  const plain = v128.andnot(v, i16x8.eq(v, i16x8.splat(<i16>0x8000)))
  return v128.xor(plain, v128.and(i16x8.shr_s(plain, 15), i16x8.splat(0x7fff)))
}

// @ts-ignore: decorator
@inline
function halfIsOdd(v: v128): v128 {
  const exponent = i16x8.splat(0x7c00)
  return i16x8.eq(v128.and(v, exponent), exponent)
}

export function rankF16(at: usize, rows: u32, classes: u32, truth: usize, ranks: usize): u32 {
  for (let r: u32 = 0; r < rows; r++) {
    const t: usize = truth == 0 ? <usize>0 : <usize>load<u32>(truth + ((<usize>r) << 2))
    const middle = at + (t << 1)
    const end = at + ((<usize>classes) << 1)
    const own = halfKeys(i16x8.splat(load<i16>(middle)))
    let odd = i16x8.splat(0)
    let above: u32 = 0
    let p = at
    let count = i16x8.splat(0)
    for (; p + 16 <= middle; p += 16) {
      const v = v128.load(p)
      count = i16x8.sub(count, i16x8.ge_s(halfKeys(v), own))
      odd = v128.or(odd, halfIsOdd(v))
    }
    for (; p < middle; p += 2) {
      const v = i16x8.splat(load<i16>(p))
      above += i16x8.bitmask(i16x8.ge_s(halfKeys(v), own)) & 1
      odd = v128.or(odd, halfIsOdd(v))
    }
    for (; p + 16 <= end; p += 16) {
      const v = v128.load(p)
      count = i16x8.sub(count, i16x8.gt_s(halfKeys(v), own))
      odd = v128.or(odd, halfIsOdd(v))
    }
    for (; p < end; p += 2) {
      const v = i16x8.splat(load<i16>(p))
      above += i16x8.bitmask(i16x8.gt_s(halfKeys(v), own)) & 1
      odd = v128.or(odd, halfIsOdd(v))
    }
    if (v128.any_true(odd)) return r
    // At most 65,536 classes: eight lanes hold at most 8,192 each.
    const pairs = i32x4.extadd_pairwise_i16x8_u(count)
    above += i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + i32x4.extract_lane(pairs, 2) + i32x4.extract_lane(pairs, 3)
    storeRank(ranks + r, above, truth)
    at = end
  }
  return rows
}

// @ts-ignore: decorator
@inline
function storeRank(to: usize, above: u32, truth: usize): void {
  store<u8>(to, truth == 0 || above >= MAX_RANK ? 0 : above + 1)
}
