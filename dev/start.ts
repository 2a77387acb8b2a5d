import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAll } from './build.ts';
import { sayAs } from './child-log.ts';
import { endLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';
import { openSandbox } from './sandbox.ts';
import { readSettings, type Settings } from './settings.ts';
import { stopSignal } from './stop-signal.ts';
import { createSupervisor } from './supervise.ts';

const say = (line: string) => sayAs('topk', line);

/** `npm start`: brings up all that is missing, says how to get in, and ends all that it started when told to stop. */
async function start(): Promise<void> {
  const settings = readSettings(process.env);
  // Others may pass through, as Postgres must where it runs as the user nobody, but not look around.
  await mkdir(settings.dataDir, { recursive: true, mode: 0o711 }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the data folder can't be made: set TOPK_DATA_DIR to a folder that you may write to (${why})`);
  });
  await mkdir(settings.logDir, { recursive: true, mode: 0o700 });
  const release = await takeLock(join(settings.dataDir, 'lock'));
  if (typeof release === 'number') {
    throw new Error(
      `${settings.dataDir} is in use by another npm start (pid ${release}): stop that one, or set TOPK_DATA_DIR to another folder`,
    );
  }
  try {
    await runUntilStopped(settings);
  } finally {
    await release();
  }
}

async function runUntilStopped(settings: Settings): Promise<void> {
  let lost: string | undefined;
  const stop = stopSignal(() => void supervisor.kill().finally(() => process.exit(1)));
  const book = await endLeftovers(settings.dataDir, say);
  const supervisor = createSupervisor({
    say,
    started: (name, pid) => book.add(name, pid),
    lost: (reason) => {
      lost = reason;
      stop.abort();
    },
  });
  const sandbox = openSandbox(settings.dataDir, say);
  try {
    await buildAll(say);
    // What is kept from here on (files of students, answer keys, logs) is for this user alone.
    process.umask(0o077);
    // It imports the generated database client, which is not there before the build.
    const { bringUp } = await import('./instance.ts');
    await bringUp(settings, { supervisor, sandbox, signal: stop.signal, say });
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
  } catch (error) {
    // Told to stop while starting: whatever then failed does not matter.
    if (!stop.signal.aborted) throw error;
  } finally {
    say('stopping');
    await supervisor.stop();
    await sandbox.stop();
  }
  if (lost !== undefined) throw new Error(lost);
  say('stopped');
}

try {
  await start();
  process.exit(0);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
