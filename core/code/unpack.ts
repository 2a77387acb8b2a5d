import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { quote } from '../scoring/report.ts';
import type { ArchiveFile } from './archive.ts';
import { isZip } from './kind.ts';
import { CodeRefused, megabytes, refuse } from './refusal.ts';

const maxRatio = 100;
/** Below it a ratio says nothing: a table of zeros is small either way. */
const minBombBytes = 64 * 1024;

/** Files that are zip archives by their format, and data to the program that reads them. */
const zipFormats = /\.(pt|pt2|pth|pth\.tar|ckpt|bin|npz|whl|xlsx|docx|pptx|odt|jar|keras)$/i;

export interface Unpacking {
  /** Where the contents are written; without it they are only looked at. Made by the caller; its name has nothing of the student's. */
  readonly into: string | undefined;
  /** How many of the contents are answered with. */
  readonly keepBytes: number;
  /** What may still be unpacked. */
  readonly maxBytes: number;
  /** Whether it may be a zip itself, whatever its name: it is not looked into. */
  readonly mayBeArchive?: boolean;
}

/**
 * Inflates one file of an archive and counts what really comes out.
 * @returns its first `keepBytes` bytes
 * @throws CodeRefused for what declares too little, is too much, or is damaged
 */
export async function unpack(
  archive: string,
  file: ArchiveFile,
  { into, keepBytes, maxBytes, mayBeArchive = false }: Unpacking,
): Promise<Buffer> {
  const handle = into === undefined ? undefined : await open(into, 'wx', 0o600);
  try {
    return await inflate(archive, file, { handle, keepBytes, maxBytes, mayBeArchive });
  } catch (error) {
    if (!isInflateError(error)) throw error;
    throw refuse('bad-zip', `${quote(file.path)} is damaged. Make the archive again.`, file.path);
  } finally {
    await handle?.close();
  }
}

interface Sink {
  readonly handle: FileHandle | undefined;
  readonly keepBytes: number;
  readonly maxBytes: number;
  readonly mayBeArchive: boolean;
}

async function inflate(archive: string, file: ArchiveFile, sink: Sink): Promise<Buffer> {
  const { handle, keepBytes, maxBytes, mayBeArchive } = sink;
  const kept: Buffer[] = [];
  let bytes = 0;
  let sum = 0;
  const take = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      if (bytes === 0 && !mayBeArchive) refuseNested(file, chunk);
      if (bytes < keepBytes) kept.push(chunk.subarray(0, keepBytes - bytes));
      bytes += chunk.length;
      refuseBomb(file, bytes, maxBytes);
      sum = crc32(chunk, sum);
      await handle?.write(chunk);
    }
  };
  if (file.method === 'stored') await pipeline(raw(archive, file), take);
  else await pipeline(raw(archive, file), createInflateRaw({ chunkSize: 1 << 16 }), take);
  if (bytes !== file.bytes || sum !== file.crc32)
    throw refuse(
      'bad-zip',
      `${quote(file.path)} is not what the archive says it is. Make the archive again.`,
      file.path,
    );
  return Buffer.concat(kept);
}

function raw(archive: string, { start, compressedBytes }: ArchiveFile): Readable {
  if (compressedBytes === 0) return Readable.from([]);
  return createReadStream(archive, { start, end: start + compressedBytes - 1 });
}

function refuseBomb(file: ArchiveFile, bytes: number, maxBytes: number): void {
  if (bytes > file.bytes)
    throw refuse('bad-zip', `${quote(file.path)} is larger than the archive says. Make the archive again.`, file.path);
  if (bytes > maxBytes)
    throw refuse('too-large', `With ${quote(file.path)} the archive unpacks to more than it may.`, file.path);
  if (bytes > minBombBytes && bytes > maxRatio * file.compressedBytes)
    throw refuse(
      'ratio',
      `${quote(file.path)} unpacks to more than ${maxRatio} times its size (${megabytes(file.bytes)}). Let the program make such data.`,
      file.path,
    );
}

function refuseNested(file: ArchiveFile, head: Buffer): void {
  if (isZip(head) && !zipFormats.test(file.path))
    throw refuse(
      'nested-archive',
      `${quote(file.path)} is an archive in the archive. Send its files themselves.`,
      file.path,
    );
}

/** zlib's own codes; ours and the disk's travel on. */
function isInflateError(error: unknown): boolean {
  return (
    !(error instanceof CodeRefused) &&
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('Z_')
  );
}
