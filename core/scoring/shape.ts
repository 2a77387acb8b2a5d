import { buildKeyMemory, type AnswerKey } from './key-memory.ts';
import { classNames, walkIds } from './key-reader.ts';
import type { KernelModule } from './kernel/kernel.ts';
import { createIdPacker, packStrings, sortedPositions, type PackedIds } from './packed-ids.ts';

/** "TKS" and the version of the form below. */
const MAGIC = 0x01534b54;
const HEADER_BYTES = 12;

type ShapeHeader = { id: string; label: string; list: string; classes: string[] };

/**
 * The part of a key that students may see, as bytes: column names, class names and ids, so that a browser can check a file with
 * the code that scores it. Neither labels nor usage, nor the order of the key's file, which may follow the labels: the ids are in
 * the sample's order where a sample gave it, else sorted.
 *
 * Form: u32 magic, u32 length of a JSON header, u32 rows, the header, u16 lengths of the ids, the ids.
 */
export function encodeShape(key: AnswerKey): Uint8Array<ArrayBuffer> {
  const ids = publicOrder(key);
  const header: ShapeHeader = {
    id: key.columns.id,
    label: key.columns.label,
    list: key.columns.list ?? '',
    classes: classNames(key),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(HEADER_BYTES + json.length + 2 * ids.count + ids.bytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  view.setUint32(8, ids.count, true);
  bytes.set(json, HEADER_BYTES);
  const lengths = HEADER_BYTES + json.length;
  for (let i = 0; i < ids.count; i++)
    view.setUint16(lengths + 2 * i, (ids.offsets[i + 1] ?? 0) - (ids.offsets[i] ?? 0), true);
  bytes.set(ids.bytes, lengths + 2 * ids.count);
  return bytes;
}

function publicOrder(key: AnswerKey): PackedIds {
  const bytes = new Uint8Array(key.memory.buffer);
  const packer = createIdPacker();
  for (const { from, to } of walkIds(key)) packer.append(bytes, from, to);
  const ids = packer.finish();
  if (key.fromSample) return ids;
  const sorted = createIdPacker();
  for (const position of sortedPositions(ids))
    sorted.append(ids.bytes, ids.offsets[position] ?? 0, ids.offsets[position + 1] ?? 0);
  return sorted.finish();
}

/** A key that can check files and not score them. Throws if the bytes are not a shape of this version. */
export function decodeShape(kernel: KernelModule, bytes: Uint8Array): AnswerKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw new Error('not a shape of this version');
  const jsonLength = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const lengths = HEADER_BYTES + jsonLength;
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.slice(HEADER_BYTES, lengths)));
  if (!isHeader(header)) throw new Error('the header of the shape is not readable');
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = (offsets[i] ?? 0) + view.getUint16(lengths + 2 * i, true);
  const ids = { bytes: bytes.subarray(lengths + 2 * count), offsets, count };
  const { id, label, list, classes } = header;
  const columns = list === '' ? { id, label } : { id, label, list };
  return buildKeyMemory(kernel, { columns, ids, classes: packStrings(classes), fromSample: true }).key;
}

function isHeader(value: unknown): value is ShapeHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { id, label, list, classes } = Object.fromEntries(Object.entries(value));
  return (
    [id, label, list].every((name) => typeof name === 'string') &&
    Array.isArray(classes) &&
    classes.every((name) => typeof name === 'string')
  );
}
