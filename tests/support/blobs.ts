import { execFileSync } from 'node:child_process';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { createBlobStore } from '../../core/blobs/store.ts';

/**
 * Puts a pipe that nobody writes to in a stored file's place: a thread that opens it hangs there, as on a disk that does not answer.
 * @returns a function that puts the file back; who hangs already goes on hanging
 */
export async function hangBlob(dataDir: string, hash: string): Promise<() => Promise<void>> {
  const giveBack = await loseBlob(dataDir, hash);
  const path = createBlobStore(dataDir).path(hash);
  execFileSync('mkfifo', [path]);
  return async () => {
    await rm(path);
    await giveBack();
  };
}

/** Takes a stored file away. @returns a function that puts it back */
export async function loseBlob(dataDir: string, hash: string): Promise<() => Promise<void>> {
  const path = createBlobStore(dataDir).path(hash);
  await rename(path, `${path}.aside`);
  return async () => await rename(`${path}.aside`, path);
}

/** Whether a thread of a process waits inside the system call that opens a file: openat, 257 on x86-64 and 56 on arm64. */
export async function hangsInOpen(pid: number): Promise<boolean> {
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    if (/^(257|56) /.test(await readFile(`/proc/${pid}/task/${thread}/syscall`, 'utf8'))) return true;
  }
  return false;
}
