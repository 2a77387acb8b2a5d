import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A stored file: named by the SHA-256 of its bytes, so the same bytes are kept once and never change. */
export interface Blob {
  readonly hash: string;
  readonly bytes: number;
}

export type PutOutcome = { readonly kind: 'stored'; readonly blob: Blob } | { readonly kind: 'too-large' };

export interface BlobStore {
  /**
   * Streams `source` to disk while hashing it. Stops reading as soon as `maxBytes` are exceeded. When it answers `stored`, the bytes are on
   * the disk, not only in its cache. Rejects if the source fails; nothing is left behind then.
   */
  put(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<PutOutcome>;
  /** The path of a stored file, to read only. */
  path(hash: string): string;
  /** Bytes `start` to `end`, both included; the whole file without them. */
  read(hash: string, range?: { start: number; end: number }): ReadStream;
  /** Whether the store can be written to; rejects if not. */
  probe(): Promise<void>;
}

/** Blobs in a folder: `blobs/ab/abcd…`, written beside and renamed into place. */
export function createBlobStore(directory: string): BlobStore {
  const incoming = join(directory, 'incoming');
  const path = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`not a blob's hash: ${hash.slice(0, 80)}`);
    return join(directory, 'blobs', hash.slice(0, 2), hash);
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
    put: async (source, maxBytes) => {
      await mkdir(incoming, { recursive: true });
      const temporary = join(incoming, randomUUID());
      try {
        const blob = await write(source, temporary, maxBytes);
        if (blob === undefined) return { kind: 'too-large' };
        await moveIntoPlace(temporary, path(blob.hash));
        return { kind: 'stored', blob };
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
}

/** Writes and hashes side by side: the hash of one chunk is computed while the kernel takes the one before. */
async function write(source: AsyncIterable<Uint8Array>, file: string, maxBytes: number): Promise<Blob | undefined> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o600);
  try {
    let bytes = 0;
    let writing: Promise<unknown> = Promise.resolve();
    try {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > maxBytes) return undefined;
        await writing;
        writing = writeAll(handle, chunk);
        // It is awaited on the next turn; until then a failure must not count as unhandled.
        writing.catch(() => undefined);
        hash.update(chunk);
      }
    } finally {
      await writing;
    }
    await handle.datasync();
    return { hash: hash.digest('hex'), bytes };
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}

async function moveIntoPlace(temporary: string, final: string): Promise<void> {
  const exists = await stat(final).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const folder = dirname(final);
  await mkdir(folder, { recursive: true });
  await rename(temporary, final);
  // The name must survive a power cut as well as the bytes.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
