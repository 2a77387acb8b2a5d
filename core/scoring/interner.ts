import { createIdPacker, type PackedIds } from './packed-ids.ts';

/** Numbers distinct byte strings in the order of their first appearance. */
export type Interner = {
  positionOf(bytes: Uint8Array, from: number, to: number): number;
  names(): PackedIds;
};

/** Decoding every label of a million rows to a string would cost more than all the rest of reading a key. */
export function createInterner(): Interner {
  const packer = createIdPacker();
  let slots = new Int32Array(1_024).fill(-1);
  let packed = packer.view();

  return { positionOf, names: () => packed };

  function positionOf(bytes: Uint8Array, from: number, to: number): number {
    let slot = hash(bytes, from, to) & (slots.length - 1);
    while (true) {
      const position = slots[slot] ?? -1;
      if (position < 0) break;
      if (isSame(position, bytes, from, to)) return position;
      slot = (slot + 1) & (slots.length - 1);
    }
    const added = packer.count();
    packer.append(bytes, from, to);
    packed = packer.view();
    slots[slot] = added;
    if (2 * packer.count() > slots.length) grow();
    return added;
  }

  function isSame(position: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = packed.offsets[position] ?? 0;
    if ((packed.offsets[position + 1] ?? 0) - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (packed.bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }

  function grow(): void {
    slots = new Int32Array(2 * slots.length).fill(-1);
    for (let position = 0; position < packed.count; position++) {
      let slot =
        hash(packed.bytes, packed.offsets[position] ?? 0, packed.offsets[position + 1] ?? 0) & (slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = position;
    }
  }
}

/** FNV-1a, folded so that the low bits hold all of it. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
}
