/** Byte strings, end to end: the i-th is `bytes[offsets[i] .. offsets[i + 1]]`. */
export type PackedIds = { bytes: Uint8Array; offsets: Uint32Array; count: number };

export type IdPacker = {
  append(bytes: Uint8Array, from: number, to: number): void;
  count(): number;
  /** What is there so far, to be used before the next `append` only. */
  view(): PackedIds;
  /** All of it, in arrays of just that size. */
  finish(): PackedIds;
};

/**
 * Collects byte strings in growing arrays: a million ids as JavaScript strings would take several times their bytes. `transfer`
 * frees the array it takes from at once, where a copy would leave it to the garbage collector.
 */
export function createIdPacker(): IdPacker {
  let bytes = new Uint8Array(1 << 14);
  let offsets = new Uint32Array(1 << 10);
  let used = 0;
  let count = 0;
  return {
    append(source, from, to) {
      const length = to - from;
      if (used + length > bytes.length)
        bytes = new Uint8Array(bytes.buffer.transfer(Math.max(2 * bytes.length, used + length)));
      if (count + 2 > offsets.length) offsets = new Uint32Array(offsets.buffer.transfer(2 * offsets.byteLength));
      // Ids are short: a loop beats a view per id.
      for (let i = 0; i < length; i++) bytes[used + i] = source[from + i] ?? 0;
      used += length;
      count++;
      offsets[count] = used;
    },
    count: () => count,
    view: () => ({ bytes: bytes.subarray(0, used), offsets: offsets.subarray(0, count + 1), count }),
    finish: () => ({
      bytes: new Uint8Array(bytes.buffer.transfer(used)),
      offsets: new Uint32Array(offsets.buffer.transfer(4 * (count + 1))),
      count,
    }),
  };
}

/** Packs strings as UTF-8. */
export function packStrings(strings: readonly string[]): PackedIds {
  const encoder = new TextEncoder();
  const packer = createIdPacker();
  for (const text of strings) {
    const bytes = encoder.encode(text);
    packer.append(bytes, 0, bytes.length);
  }
  return packer.finish();
}

/** The positions of the strings in the order of their bytes, which is the order of their code points. */
export function sortedPositions(ids: PackedIds): Uint32Array {
  const positions = Uint32Array.from({ length: ids.count }, (_, i) => i);
  return positions.sort((a, b) => compare(ids, a, b));
}

function compare(ids: PackedIds, a: number, b: number): number {
  let left = ids.offsets[a] ?? 0;
  let right = ids.offsets[b] ?? 0;
  const leftEnd = ids.offsets[a + 1] ?? 0;
  const rightEnd = ids.offsets[b + 1] ?? 0;
  while (left < leftEnd && right < rightEnd) {
    const difference = (ids.bytes[left++] ?? 0) - (ids.bytes[right++] ?? 0);
    if (difference !== 0) return difference;
  }
  return leftEnd - left - (rightEnd - right);
}
