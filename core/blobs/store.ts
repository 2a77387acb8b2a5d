import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createWriter } from './writer.ts';

/** A stored file: named by the SHA-256 of its bytes, so the same bytes are kept once and never change. */
export interface Blob {
  readonly hash: string;
  readonly bytes: number;
}

export type PutOutcome = { readonly kind: 'stored'; readonly blob: Blob } | { readonly kind: 'too-large' };

/** Where bytes are streamed to. */
export interface BlobSink {
  /**
   * Streams `source` to disk while hashing it. Stops reading as soon as `maxBytes` are exceeded. Rejects if the source fails; nothing is
   * left behind then.
   */
  put(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<PutOutcome>;
}

/** One file that is looked at before it is decided whether it stays. */
export interface Scratch extends BlobSink {
  readonly path: string;
  /** Moves what was put to where files stay: once this resolves it is on the disk, not only in its cache. */
  keep(): Promise<void>;
  /** Moves what was put to where it waits until it is kept or discarded, by another request or process too. */
  park(name: string): Promise<Parked>;
  /** Removes it, unless it was kept or parked. */
  discard(): Promise<void>;
}

/** A file that waits. Its name says its hash, so what is found under it is that file and no other. */
export interface Parked {
  readonly path: string;
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** Where files stay. When `put` answers `stored`, the bytes are on the disk, not only in its cache. */
export interface BlobStore extends BlobSink {
  /** @param mayStay whether `keep` may be called: its bytes are then brought to the disk */
  scratch(mayStay: boolean): Scratch;
  /** What `park` left under this name, if it is still there. */
  parked(name: string, hash: string): Parked;
  /** The path of a stored file, to read only. */
  path(hash: string): string;
  /** Bytes `start` to `end`, both included; the whole file without them. */
  read(hash: string, range?: { start: number; end: number }): ReadStream;
  /** Whether the store can be written to; rejects if not. */
  probe(): Promise<void>;
  /** Removes what uploads that were cut off by a crash have left, if it is older than `olderThanMs`. */
  clearIncoming(olderThanMs: number): Promise<void>;
}

/** Blobs in a folder: `blobs/ab/abcd…`, written beside and renamed into place. */
export function createBlobStore(directory: string): BlobStore {
  const incoming = join(directory, 'incoming');
  const path = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`not a blob's hash: ${hash.slice(0, 80)}`);
    return join(directory, 'blobs', hash.slice(0, 2), hash);
  };
  const parked = (name: string, hash: string): Parked => {
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(name)) throw new Error('not a name to park a file under');
    const file = join(incoming, `parked-${name}-${hash}`);
    return {
      path: file,
      keep: async () => await moveIntoPlace(file, path(hash)),
      discard: async () => await rm(file, { force: true }),
    };
  };
  const scratch = (mayStay: boolean): Scratch => {
    const file = join(incoming, randomUUID());
    let written: Blob | undefined;
    let kept = false;
    return {
      path: file,
      put: async (source, maxBytes) => {
        written = await write(source, file, { maxBytes, durable: mayStay });
        return written === undefined ? { kind: 'too-large' } : { kind: 'stored', blob: written };
      },
      keep: async () => {
        if (written === undefined || !mayStay) throw new Error('there is nothing that may stay');
        await moveIntoPlace(file, path(written.hash));
        kept = true;
      },
      park: async (name) => {
        if (written === undefined || !mayStay) throw new Error('there is nothing that may stay');
        const place = parked(name, written.hash);
        await rename(file, place.path);
        kept = true;
        return place;
      },
      discard: async () => {
        if (!kept) await rm(file, { force: true });
      },
    };
  };
  return {
    path,
    read: (hash, range) => createReadStream(path(hash), { highWaterMark: 1 << 20, ...range }),
    probe: async () => {
      await mkdir(incoming, { recursive: true });
      const file = join(incoming, `probe-${randomUUID()}`);
      const handle = await open(file, 'wx', 0o600);
      await handle.close();
      await rm(file);
    },
    clearIncoming: async (olderThanMs) => {
      const before = Date.now() - olderThanMs;
      for (const name of await readdir(incoming).catch(() => [])) {
        const { mtimeMs } = await stat(join(incoming, name));
        if (mtimeMs < before) await rm(join(incoming, name), { force: true });
      }
    },
    scratch,
    parked,
    put: async (source, maxBytes) => {
      const draft = scratch(true);
      try {
        const outcome = await draft.put(source, maxBytes);
        if (outcome.kind === 'stored') await draft.keep();
        return outcome;
      } finally {
        await draft.discard();
      }
    },
  };
}

/** Writes and hashes side by side: the hash of one chunk is computed while the kernel takes those before it. */
async function write(
  source: AsyncIterable<Uint8Array>,
  file: string,
  { maxBytes, durable }: { maxBytes: number; durable: boolean },
): Promise<Blob | undefined> {
  const hash = createHash('sha256');
  const handle = await openNew(file);
  const writer = createWriter(handle, { durable });
  try {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      const room = writer.push(chunk);
      hash.update(chunk);
      if (room) await room;
    }
    await writer.finish();
    return { hash: hash.digest('hex'), bytes };
  } finally {
    await writer.settle();
    await handle.close();
  }
}

/** Its folder is made when it turns out to be missing, which is once in a store's life. */
async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(file), { recursive: true });
    return await open(file, 'wx', 0o600);
  }
}

/** Replaces the same bytes where they are there already: somebody else's copy may not have been made to last yet. */
async function moveIntoPlace(temporary: string, final: string): Promise<void> {
  const folder = dirname(final);
  try {
    await rename(temporary, final);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(folder, { recursive: true });
    await syncFolder(dirname(folder));
    await syncFolder(dirname(dirname(folder)));
    await rename(temporary, final);
  }
  // The name must survive a power cut as well as the bytes.
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
