import { appendFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonPaths, isDaemonAlive, startDaemon, stopDaemon } from './docker-daemon.ts';
import { failurePath, hasUsers, keeperPath, lockPath } from './docker-users.ts';
import { withLock } from './lock.ts';

/** How often in a row a daemon that was there may fail to come back. */
const maxFailures = 10;

/** Runs the private daemon in `dir`, again where it dies, until nobody uses it. See docker.ts. */
async function keep(dir: string): Promise<void> {
  // What can't be started at all is told to who waits for it; what was there comes back, however slow the machine is just then.
  let failures = maxFailures;
  for (;;) {
    // A user gets written down under this lock, so none can come between the look and the end.
    const done = await withLock(lockPath(dir), async () => {
      if (await hasUsers(dir)) return false;
      await stopDaemon(dir);
      await leave(dir);
      return true;
    });
    if (done) return;
    try {
      if (!(await isDaemonAlive(dir))) await startDaemon(dir);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures > maxFailures) throw error;
      await appendFile(daemonPaths(dir).log, `topk: dockerd did not come back, trying again: ${reasonOf(error)}\n`);
      await sleep(250 * failures);
    }
    await sleep(250);
  }
}

async function leave(dir: string): Promise<void> {
  await rm(keeperPath(dir), { force: true });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const [dir = ''] = process.argv.slice(2);
// What is told to the whole terminal is meant for the users; the keeper leaves when they have.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
try {
  await keep(dir);
} catch (error) {
  await writeFile(failurePath(dir), reasonOf(error));
  await leave(dir);
  throw error;
}
