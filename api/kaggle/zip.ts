import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { BlobStore } from '../../core/blobs/store.ts';
import { AppError } from '../errors.ts';

/** A stored file that goes into a zip. */
export interface ZipMember {
  readonly name: string;
  readonly hash: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** A zip (APPNOTE.TXT 4.3) that is never written anywhere: its members lie in it as they are, so that any range of it can be read. */
export interface VirtualZip {
  readonly bytes: number;
  readonly etag: string;
  read(range?: { start: number; end: number }): Readable;
}

type Segment = { readonly bytes: number } & ({ readonly content: Buffer } | { readonly hash: string });

/** Of the format without its extension for more. */
const maxZipBytes = 0xffff_ffff;

/** @param sumOf the CRC-32 of a stored file */
export async function layOut(
  blobs: BlobStore,
  members: readonly ZipMember[],
  sumOf: (hash: string) => Promise<number>,
): Promise<VirtualZip> {
  const segments: Segment[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (segment: Segment) => {
    segments.push(segment);
    at += segment.bytes;
  };
  for (const member of members) {
    const { head, entry } = headersOf(member, await sumOf(member.hash), at);
    directory.push(entry);
    add(bytesOf(head));
    add({ hash: member.hash, bytes: member.bytes });
    if (at > maxZipBytes) throw tooLargeForZip();
  }
  const central = Buffer.concat(directory);
  add(bytesOf(Buffer.concat([central, endOf(members.length, central.length, at)])));
  if (at > maxZipBytes || members.length > 0xffff) throw tooLargeForZip();
  const etag = createHash('sha256').update(central).digest('hex');
  return {
    bytes: at,
    etag: `"${etag}"`,
    read: (range = { start: 0, end: at - 1 }) => Readable.from(readSegments(blobs, segments, range)),
  };
}

/** A zip of one small file. */
export function zipOfOne(name: string, content: Buffer, modifiedAt: Date): Buffer {
  const member = { name, hash: '', bytes: content.length, modifiedAt };
  const { head, entry } = headersOf(member, crc32(content), 0);
  return Buffer.concat([head, content, entry, endOf(1, entry.length, head.length + content.length)]);
}

/** CRC-32 of stored files, worked out once each: what a hash names never changes. */
export function createSums(blobs: BlobStore): (hash: string) => Promise<number> {
  const known = new Map<string, Promise<number>>();
  return async (hash) => {
    const sum = known.get(hash) ?? readSum(blobs, hash);
    if (known.size >= 10_000) known.clear();
    known.set(hash, sum);
    sum.catch(() => known.delete(hash));
    return await sum;
  };
}

async function readSum(blobs: BlobStore, hash: string): Promise<number> {
  let sum = 0;
  const bytes: AsyncIterable<Uint8Array> = blobs.read(hash);
  for await (const chunk of bytes) sum = crc32(chunk, sum);
  return sum;
}

async function* readSegments(
  blobs: BlobStore,
  segments: readonly Segment[],
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const segment of segments) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, segment.bytes - 1);
    at += segment.bytes;
    if (from > to) continue;
    if ('content' in segment) yield segment.content.subarray(from, to + 1);
    else yield* blobs.read(segment.hash, { start: from, end: to });
  }
}

function bytesOf(content: Buffer): Segment {
  return { content, bytes: content.length };
}

/** Local header and entry of the directory: stored, names in UTF-8, a file that all may read. */
function headersOf({ name, bytes, modifiedAt }: ZipMember, sum: number, offset: number) {
  const { time, date } = dosTime(modifiedAt);
  const path = Buffer.from(name);
  const sizes = [u32(sum), u32(bytes), u32(bytes), u16(path.length), u16(0)];
  const fields = Buffer.concat([u16(20), u16(0x800), u16(0), u16(time), u16(date), ...sizes]);
  const tail = [u16(0), u16(0), u16(0), u32(0o100644 * 65_536), u32(offset), path];
  return {
    head: Buffer.concat([u32(0x04034b50), fields, path]),
    entry: Buffer.concat([u32(0x02014b50), u16(0x0314), fields, ...tail]),
  };
}

function endOf(entries: number, directoryBytes: number, offset: number): Buffer {
  const count = u16(entries & 0xffff);
  return Buffer.concat([u32(0x06054b50), u16(0), u16(0), count, count, u32(directoryBytes), u32(offset), u16(0)]);
}

/** To two seconds, from 1980 on; UTC, since the format has no zone. */
function dosTime(at: Date) {
  const year = Math.max(0, at.getUTCFullYear() - 1980);
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}

function tooLargeForZip(): AppError {
  return new AppError(
    'file-too-large',
    'Together the files are larger than a zip can be (4 GB). Download them one by one: kaggle competitions download -f NAME.',
  );
}

function u16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}
