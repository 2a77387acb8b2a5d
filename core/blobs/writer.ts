import type { FileHandle } from 'node:fs/promises';

/** Writes to a file in the background, in order. */
export interface Writer {
  /** Takes a chunk, which must not change any more. A promise: wait for it before the next one, enough is on its way. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** Resolves when all is written, and on the disk if that was wanted; or rejects with what went wrong. */
  finish(): Promise<void>;
  /** Resolves when nothing is under way any more, however it ended: the file must not be closed before. */
  settle(): Promise<void>;
}

/** How much may wait in memory behind the write that is under way. */
const maxWaitingBytes = 1 << 20;
/** After how many bytes the disk is told to begin, so that little is left to wait for at the end. */
const syncEveryBytes = 16 << 20;

/**
 * What comes while a write is under way goes into the next one as a whole: chunks of 64 KiB one by one cost a large file a third of its time.
 * @param durable the bytes are to survive a power cut once `finish` resolves
 */
export function createWriter(handle: FileHandle, { durable }: { durable: boolean }): Writer {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  let unsyncedBytes = 0;
  let syncing: Promise<void> | undefined;

  const writeWaiting = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      unsyncedBytes += waitingBytes;
      waiting = [];
      waitingBytes = 0;
      await writeAll(handle, batch);
      if (durable && unsyncedBytes > syncEveryBytes && syncing === undefined) beginSync();
    }
    writing = undefined;
  };
  const beginSync = () => {
    unsyncedBytes = 0;
    const sync = (async () => {
      await handle.datasync();
      syncing = undefined;
    })();
    // One that failed stays until `finish` awaits it: the kernel tells of a lost write once, so a later sync would know nothing of it.
    sync.catch(() => undefined);
    syncing = sync;
  };
  return {
    push: (chunk) => {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (writing === undefined) {
        writing = writeWaiting();
        // It is awaited later; until then a failure must not count as unhandled. It stays, so that whoever waits hears of it.
        writing.catch(() => undefined);
      }
      return waitingBytes > maxWaitingBytes ? writing : undefined;
    },
    finish: async () => {
      await writing;
      await syncing;
      if (durable) await handle.datasync();
    },
    settle: async () => {
      await Promise.allSettled([writing, syncing]);
      // The last write may have begun a sync.
      await Promise.allSettled([syncing]);
    },
  };
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev([...left]);
    left = withoutFirst(left, bytesWritten);
  }
}

/** The kernel may take less than it was given. */
function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(skip, chunk.length);
    skip -= skipped;
    return skipped === chunk.length ? [] : [chunk.subarray(skipped)];
  });
}
