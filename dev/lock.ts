import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { birthOf } from './processes.ts';

const Holder = z.object({ pid: z.number(), birth: z.string() });

/**
 * Takes a lock file for this process. A lock whose process is gone is taken over.
 * @returns the pid of the living process that holds it, or a function that gives the lock back
 */
export async function takeLock(path: string): Promise<number | (() => Promise<void>)> {
  const mine = { pid: process.pid, birth: (await birthOf(process.pid)) ?? '' };
  for (;;) {
    if (await writeNew(path, JSON.stringify(mine))) return () => rm(path, { force: true });
    const text = await readFile(path, 'utf8').catch(() => '');
    const holder = parseHolder(text);
    if (holder !== undefined && (await birthOf(holder.pid)) === holder.birth) return holder.pid;
    // An empty lock may be one that is being written just now.
    if (holder === undefined) await sleep(200);
    if ((await readFile(path, 'utf8').catch(() => '')) === text) await removeStale(path);
  }
}

/** Runs `work` while holding the lock; waits for its holder. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const release = await takeLock(path);
    if (typeof release === 'number') {
      await sleep(100);
      continue;
    }
    try {
      return await work();
    } finally {
      await release();
    }
  }
}

async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function parseHolder(text: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** By renaming, which only one of several at once can do. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => {});
  await rm(aside, { force: true });
}
