import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from './submissions/runs.ts';

/**
 * What a program prints while it runs, on the disk that workers and api share: segments, each named by the offset of its first byte among all that
 * was printed. The first ones and the last ones stay, so that a flood costs no disk.
 */
export interface LiveLogWriter {
  /** Takes bytes that begin at `offset`; one that jumps leaves a gap. Rejects where the disk does. One call at a time. */
  append(offset: number, bytes: Uint8Array): Promise<void>;
}

export interface LivePiece {
  /** Where `bytes` begin: behind the offset that was asked for where something was left out. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const segmentBytes = 256 * 1024;
const firstSegments = 2;
const lastSegments = 6;

export async function openLiveLog(dataDir: string, run: RunId): Promise<LiveLogWriter> {
  const folder = folderOf(dataDir, run);
  // An attempt is run once: what is there is from another life of the database.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const segments: number[] = [];
  let end = 0;
  return {
    append: async (offset, bytes) => {
      let position = offset;
      for (let rest = bytes; rest.length > 0;) {
        const current = segments.at(-1);
        if (current === undefined || position !== end || end - current >= segmentBytes) {
          segments.push(position);
          if (segments.length > firstSegments + lastSegments) {
            const [old] = segments.splice(firstSegments, 1);
            if (old !== undefined) await rm(fileOf(folder, old), { force: true });
          }
        }
        const start = segments.at(-1) ?? position;
        const part = rest.subarray(0, segmentBytes - (position - start));
        const handle = await open(fileOf(folder, start), 'a');
        try {
          await handle.write(part);
        } finally {
          await handle.close();
        }
        position += part.length;
        end = position;
        rest = rest.subarray(part.length);
      }
    },
  };
}

/** Reads on from `offset`, at most `maxBytes`; undefined where nothing has been printed beyond it yet, or nothing is kept (any more). */
export async function readLiveLog(
  dataDir: string,
  run: RunId,
  offset: number,
  maxBytes: number,
): Promise<LivePiece | undefined> {
  const folder = folderOf(dataDir, run);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const starts = names.map(Number).sort((a, b) => a - b);
  for (const start of starts) {
    const piece = await readSegment(fileOf(folder, start), start, offset, maxBytes);
    if (piece !== undefined) return piece;
  }
  return undefined;
}

/** Undefined where the segment ends before `offset`, or has just been removed. */
async function readSegment(
  file: string,
  start: number,
  offset: number,
  maxBytes: number,
): Promise<LivePiece | undefined> {
  const from = Math.max(0, offset - start);
  if (from >= segmentBytes) return undefined;
  try {
    const handle = await open(file, 'r');
    try {
      const wanted = Math.min(maxBytes, segmentBytes - from);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, from);
      return bytesRead === 0 ? undefined : { offset: start + from, bytes: buffer.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes live logs that nothing was added to for `olderThanMs`: their runs have ended, and what is kept of them is a blob. */
export async function removeLiveLogs(dataDir: string, olderThanMs: number): Promise<void> {
  const root = join(dataDir, 'live');
  const before = Date.now() - olderThanMs;
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    if ((await newestChange(folder)) < before) await rm(folder, { recursive: true, force: true });
  }
}

async function newestChange(folder: string): Promise<number> {
  const times = await Promise.all(
    [folder, ...(await readdir(folder).catch(() => [])).map((name) => join(folder, name))].map(
      async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0,
    ),
  );
  return Math.max(...times);
}

function folderOf(dataDir: string, { submissionId, attempt }: RunId): string {
  return join(dataDir, 'live', `${submissionId}-${attempt}`);
}

function fileOf(folder: string, start: number): string {
  return join(folder, String(start));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
