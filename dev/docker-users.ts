import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLiving } from './docker-daemon.ts';
import { birthOf } from './processes.ts';

/** Held while users, keeper or daemon change. */
export function lockPath(dir: string): string {
  return join(dir, 'lock');
}

/** Which process keeps the daemon: a `Living`. */
export function keeperPath(dir: string): string {
  return join(dir, 'keeper.json');
}

/** Why the keeper gave up, for those who wait. */
export function failurePath(dir: string): string {
  return join(dir, 'failure');
}

/**
 * Writes this process down as a user of the daemon in `dir`, once for each call.
 * @returns takes it back; harmless twice
 */
export async function registerUser(dir: string): Promise<() => Promise<void>> {
  const users = usersDir(dir);
  await mkdir(users, { recursive: true });
  const path = join(users, `${process.pid}-${randomUUID()}`);
  // Whole at once: whoever reads half of it would take its process for gone.
  const half = join(dir, `user-${randomUUID()}`);
  await writeFile(half, JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) }));
  await rename(half, path);
  return () => rm(path, { force: true });
}

/** Whether a process that lives uses the daemon; forgets those that ended without saying so. */
export async function hasUsers(dir: string): Promise<boolean> {
  let found = false;
  for (const name of await readdir(usersDir(dir)).catch(() => [])) {
    const path = join(usersDir(dir), name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if ((await parseLiving(text)) === undefined) await rm(path, { force: true });
    else found = true;
  }
  return found;
}

function usersDir(dir: string): string {
  return join(dir, 'users');
}
