import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { gzipDamage, gzipTruncated, isGzip } from '../scoring/gzip.ts';
import type { ProblemCode } from '../scoring/report.ts';

/** What takes a file's bytes, unpacked. */
export type ByteSink = {
  push(bytes: Uint8Array): boolean;
  fail(code: ProblemCode, message: string): void;
  tooLarge(): void;
  /** Where to read to without a copy, if the sink can offer that. */
  direct?: { space(): Uint8Array; wrote(count: number): boolean };
};

const CHUNK_BYTES = 262_144;

/**
 * Reads a file into a sink, unpacking gzip, which its first bytes tell. Blocks the thread that it runs in: that is what the
 * thread is for. The limit holds for the file as it is, before a byte is read, and in the sink for what it unpacks to.
 * Throws only if the file cannot be read.
 */
export async function readInto(path: string, sink: ByteSink, maxBytes: number): Promise<void> {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size > maxBytes) return sink.tooLarge();
    const head = new Uint8Array(2);
    readSync(file, head, 0, 2, 0);
    if (isGzip(head)) return await readGzip(path, sink);
    readPlain(file, sink);
  } finally {
    closeSync(file);
  }
}

function readPlain(file: number, sink: ByteSink): void {
  const { direct } = sink;
  const own = direct === undefined ? new Uint8Array(CHUNK_BYTES) : undefined;
  while (true) {
    const to = direct?.space() ?? own ?? new Uint8Array(0);
    const count = readSync(file, to, 0, to.length, null);
    if (count === 0) return;
    const more = direct === undefined ? sink.push(to.subarray(0, count)) : direct.wrote(count);
    if (!more) return;
  }
}

async function readGzip(path: string, sink: ByteSink): Promise<void> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpack = createGunzip({ chunkSize: CHUNK_BYTES });
  let unreadable: Error | undefined;
  packed.once('error', (error) => {
    unreadable = error;
    unpack.destroy(error);
  });
  try {
    for await (const chunk of packed.pipe(unpack)) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('gunzip gave no bytes');
      if (!sink.push(chunk)) return;
    }
  } catch (error) {
    if (unreadable !== undefined) throw unreadable;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'Z_BUF_ERROR') sink.fail('truncated', gzipTruncated);
    else if (typeof code === 'string' && code.startsWith('Z_')) sink.fail('bad-gzip', gzipDamage);
    else throw error;
  } finally {
    packed.destroy();
    unpack.destroy();
  }
}
