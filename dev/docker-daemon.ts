import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openDockerApi } from './docker-api.ts';
import { birthOf, endProcess } from './processes.ts';

/** A process by pid and birth, so that a stranger with its pid after a reboot is not taken for it. */
export const Living = z.object({ pid: z.number(), birth: z.string() });
export type Living = z.infer<typeof Living>;

/** Where a private daemon keeps all that it has. */
export function daemonPaths(dir: string) {
  return {
    socket: join(dir, 'docker.sock'),
    data: join(dir, 'data'),
    exec: join(dir, 'exec'),
    config: join(dir, 'daemon.json'),
    pidFile: join(dir, 'dockerd.pid'),
    /** Ours; see `Living`. */
    record: join(dir, 'dockerd.json'),
    log: join(dir, 'dockerd.log'),
  };
}

/** What a daemon says of itself, or undefined where none answers within the time. */
export async function findDaemon(host: string, timeoutMs = 5000): Promise<DaemonInfo | undefined> {
  try {
    const answer = await Promise.race([openDockerApi(host).find('/info'), sleep(timeoutMs, undefined, { ref: false })]);
    return DaemonInfo.parse(answer);
  } catch {
    return undefined;
  }
}

/** Whether a daemon is there and listens: cheaper for it than telling all of itself, which starts programs. */
export async function answers(host: string): Promise<boolean> {
  try {
    return (await Promise.race([openDockerApi(host).find('/_ping'), sleep(5000, undefined, { ref: false })])) === 'OK';
  } catch {
    return false;
  }
}

/** How long a daemon may take to start: a second usually, and far longer on a machine whose disk is busy. */
export const startMs = 180_000;

export const DaemonInfo = z.object({
  ServerVersion: z.string(),
  OSType: z.string(),
  Runtimes: z.record(z.string(), z.unknown()),
  DefaultRuntime: z.string(),
});
export type DaemonInfo = z.infer<typeof DaemonInfo>;

/** Whether the daemon that was last started here is still there, answering or not. */
export async function isDaemonAlive(dir: string): Promise<boolean> {
  return (await readDaemon(dir)) !== undefined;
}

/**
 * Starts dockerd in a process group of its own, so that it survives the end of whoever starts it, and waits until it answers.
 * No bridge and no packet filter: images are built in the host's network and what is graded has none, and the
 * machine's own network is left as it was, whatever other daemon runs beside this one.
 * @throws a sentence with the last line of the log
 */
export async function startDaemon(dir: string): Promise<void> {
  const paths = daemonPaths(dir);
  await mkdir(dir, { recursive: true, mode: 0o711 });
  // A pid file that names any living process, or a containerd that outlived its dockerd, keeps a new one from starting.
  await removeTraces(dir);
  await writeFile(paths.config, JSON.stringify(configuration()));
  const log = openSync(paths.log, 'a', 0o600);
  const child = spawn(
    'dockerd',
    [
      '--config-file',
      paths.config,
      '--data-root',
      paths.data,
      '--exec-root',
      paths.exec,
      '--pidfile',
      paths.pidFile,
      '--host',
      `unix://${paths.socket}`,
      '--log-level',
      'warn',
      '--bridge',
      'none',
      '--iptables=false',
      '--ip-forward=false',
      '--ip-masq=false',
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  child.unref();
  const birth = child.pid === undefined ? undefined : await birthOf(child.pid);
  if (birth !== undefined) await writeFile(paths.record, JSON.stringify({ pid: child.pid, birth }));
  const giveUpAt = Date.now() + startMs;
  while (!(await answers(`unix://${paths.socket}`))) {
    if (ended === undefined && Date.now() < giveUpAt) {
      await sleep(50);
      continue;
    }
    await stopDaemon(dir);
    throw new Error(
      `dockerd did not start: ${(await lastComplaint(paths.log)) ?? ended ?? `no answer in ${startMs / 1000} s`}`,
    );
  }
}

function configuration() {
  const runsc = spawnSync('sh', ['-c', 'command -v runsc'], { encoding: 'utf8' }).stdout.trim();
  // Its own network stack would be set up from a namespace that a run without network does not have.
  const runtimes = runsc === '' ? {} : { runsc: { path: runsc, runtimeArgs: ['--network=none'] } };
  return { runtimes };
}

/** Ends the daemon that was last started here, with what it started, and leaves only its images. */
export async function stopDaemon(dir: string): Promise<void> {
  const daemon = await readDaemon(dir);
  if (daemon !== undefined) {
    // It gives its containers ten seconds before it kills them.
    await endProcess(daemon.pid, [
      { signal: 'SIGTERM', waitMs: 25_000 },
      { signal: 'SIGKILL', waitMs: 5000 },
    ]);
  }
  await removeTraces(dir);
}

async function readDaemon(dir: string): Promise<Living | undefined> {
  const text = await readFile(daemonPaths(dir).record, 'utf8').catch(() => '');
  return await parseLiving(text);
}

/** The process that the text names, where it still lives. */
export async function parseLiving(text: string): Promise<Living | undefined> {
  try {
    const living = Living.parse(JSON.parse(text));
    return (await birthOf(living.pid)) === living.birth ? living : undefined;
  } catch {
    return undefined;
  }
}

/** What a daemon leaves, and what one leaves that was killed: processes, mounts, sockets, pid files. */
async function removeTraces(dir: string): Promise<void> {
  const paths = daemonPaths(dir);
  for (const pid of await processesOf(paths.exec)) await endProcess(pid, [{ signal: 'SIGKILL', waitMs: 30_000 }]);
  for (const mount of (await mountsBelow(dir)).toReversed()) {
    spawnSync('umount', ['--lazy', mount], { stdio: 'ignore' });
  }
  for (const path of [paths.socket, paths.pidFile, paths.record, paths.config, paths.exec]) {
    // What is ending may still write into its folder, and a mount that was let go may still be there for a moment.
    await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/**
 * containerd and its shims, which name the daemon's own folder on their command line, with all that runs below them:
 * those first, since without its shim a container would be nobody's.
 */
async function processesOf(exec: string): Promise<number[]> {
  const parents = new Map<number, number>();
  const tops: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    const isTheirs = /(^|\/)containerd(-shim.*)?$/.test(words[0] ?? '');
    if (isTheirs && words.some((word) => word.startsWith(`${exec}/`))) tops.push(pid);
  }
  const found = [...tops];
  // The list grows while it is walked: children, then theirs.
  for (const parent of found) {
    for (const [pid, itsParent] of parents) if (itsParent === parent && !found.includes(pid)) found.push(pid);
  }
  return found.toReversed();
}

async function mountsBelow(dir: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return table
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${dir}/`));
}

async function lastComplaint(log: string): Promise<string | undefined> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  return lines.findLast((line) => /failed|error|fatal/i.test(line)) ?? lines.at(-1);
}
