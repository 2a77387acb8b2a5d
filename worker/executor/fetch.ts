import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract, type Extract } from 'tar-stream';
import { chunksOf } from '../../core/chunks.ts';
import type { OutputFile } from './executor.ts';

/** The files in which the runner keeps what was printed; empty where they are not there. */
export interface LogFiles {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly total: Buffer;
  readonly usage: Buffer;
}

export interface Wanted {
  /** Names in the top of the output folder. */
  readonly outputs: readonly { readonly name: string; readonly maxBytes: number }[];
  /** The most that a log file may hold. */
  readonly maxLogBytes: number;
  /** How much of the archive is read at most: sparse files make it far larger than what they take up. */
  readonly maxBytes: number;
  readonly scratch: string;
}

export interface Fetched {
  readonly log: LogFiles;
  /** Those that were found. */
  readonly files: Map<string, OutputFile>;
  /** Names of what else lies in the top of the output folder, at most 20. */
  readonly others: string[];
  /** Whether it was read to its end: else what was not found may be there all the same. */
  readonly whole: boolean;
}

const maxOthers = 20;
const maxUsageBytes = 16_384;

/**
 * Reads an archive of a run's folder (`run/log/…`, `run/out/…`) without believing it: only regular files with the names asked for are kept, under names of
 * ours, bytes are counted as they come, and nothing else is so much as looked at.
 * @param parent of what was archived, where that is not the run's folder: `run/`, `run/out/`
 * @throws where the archive itself is broken
 */
export async function collect(archive: Readable, wanted: Wanted, parent = ''): Promise<Fetched> {
  const found: Found = { log: new Map(), files: new Map(), others: [], linked: new Set() };
  const whole = await readTar(archive, wanted.maxBytes, async (entry) => take(entry, parent, wanted, found));
  for (const name of found.linked) {
    if (found.files.has(name)) found.files.set(name, { kind: 'refused', what: 'a file with several names' });
  }
  const part = (name: string) => found.log.get(name) ?? Buffer.alloc(0);
  const log = { head: part('head'), tail: part('tail'), total: part('total'), usage: part('usage') };
  return { log, files: found.files, others: found.others, whole };
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

interface Found {
  readonly log: Map<string, Buffer>;
  readonly files: Map<string, OutputFile>;
  readonly others: string[];
  /** Outputs that another name in the archive is a hard link to. */
  readonly linked: Set<string>;
}

async function take(entry: Entry, parent: string, wanted: Wanted, found: Found): Promise<void> {
  const { name: path, type, linkname } = entry.header;
  const [top, folder, name, ...deeper] = `${parent}${path}`.replace(/\/$/, '').split('/');
  const isOutput = (candidate: string | undefined) => wanted.outputs.some((output) => output.name === candidate);
  if (top === 'run' && folder === 'log' && name !== undefined && deeper.length === 0 && type === 'file') {
    found.log.set(name, await readLog(entry, name, wanted));
    return;
  }
  if (type === 'link' && linkname?.startsWith('run/out/')) found.linked.add(linkname.slice('run/out/'.length));
  if (top === 'run' && folder === 'out' && name !== undefined && deeper.length === 0) {
    if (isOutput(name)) {
      await takeOutput(entry, wanted, name, found);
      return;
    }
    if (found.others.length < maxOthers) found.others.push(name);
  }
  entry.resume();
}

async function readLog(entry: Entry, name: string, { maxLogBytes }: Wanted): Promise<Buffer> {
  const most = name === 'head' || name === 'tail' ? maxLogBytes : maxUsageBytes;
  const parts: Uint8Array[] = [];
  let left = most;
  for await (const chunk of chunksOf(entry)) {
    if (left > 0) parts.push(chunk.subarray(0, left));
    left -= chunk.length;
  }
  return Buffer.concat(parts);
}

async function takeOutput(entry: Entry, wanted: Wanted, name: string, found: Found): Promise<void> {
  const index = wanted.outputs.findIndex((output) => output.name === name);
  const { type, size } = entry.header;
  const { maxBytes } = wanted.outputs[index] ?? { maxBytes: 0 };
  if (type !== 'file') {
    entry.resume();
    found.files.set(name, { kind: 'refused', what: kindOf(type) });
    return;
  }
  if (size > maxBytes) {
    entry.resume();
    found.files.set(name, { kind: 'too-large', bytes: size });
    return;
  }
  found.files.set(name, await store(entry, join(wanted.scratch, `output-${index}`), size));
}

/** Hashes the bytes that it writes; whoever reads the file later reads what was hashed. */
async function store(entry: Entry, file: string, size: number): Promise<OutputFile> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunksOf(entry)) {
      bytes += chunk.length;
      if (bytes > size) throw new Error('more bytes than the archive said');
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    if (bytes !== size) throw new Error('fewer bytes than the archive said');
    return { kind: 'file', file, bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function kindOf(type: Entry['header']['type']): string {
  switch (type) {
    case 'symlink':
      return 'a link';
    case 'link':
      return 'a file with several names';
    case 'directory':
      return 'a folder';
    case 'fifo':
      return 'a pipe';
    case 'character-device':
    case 'block-device':
      return 'a device';
    case 'file':
    case 'contiguous-file':
    default:
      return 'no regular file';
  }
}

/** @returns whether it was read to its end: not so where it has more than `maxBytes` */
async function readTar(archive: Readable, maxBytes: number, each: (entry: Entry) => Promise<void>): Promise<boolean> {
  const reader = extract();
  const closed = new Promise<void>((resolve) => {
    reader.once('close', resolve);
  });
  let cut = false;
  // By hand, since tar-stream's own streams are not Node's.
  const feed = async () => {
    let bytes = 0;
    for await (const chunk of chunksOf(archive)) {
      bytes += chunk.length;
      cut = bytes > maxBytes;
      if (cut) break;
      if (!reader.write(chunk)) await Promise.race([drained(reader), closed]);
      if (reader.destroyed) return;
    }
    if (cut) reader.destroy(new Error('it is larger than allowed'));
    else reader.end(null);
  };
  const feeding = feed().catch((error: unknown) => {
    reader.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const entry of reader) await each(entry);
  } catch (error) {
    if (!cut) throw error;
  } finally {
    archive.destroy();
    await feeding;
  }
  return !cut;
}

async function drained(reader: Extract): Promise<void> {
  await new Promise<void>((resolve) => {
    reader.once('drain', resolve);
  });
}
