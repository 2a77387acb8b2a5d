import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
    if (await linkNew(path, JSON.stringify(mine))) return () => rm(path, { force: true });
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && (await birthOf(holder.pid)) === holder.birth) return holder.pid;
    await removeStale(path, text);
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

/** A lock appears whole, or not at all: nobody reads half of one. */
async function linkNew(path: string, text: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

function parseHolder(text: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** By renaming, which only one of several at once can do. What came into its place since it was read is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const isStale = (await readFile(aside, 'utf8')) === stale;
  if (!isStale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}
