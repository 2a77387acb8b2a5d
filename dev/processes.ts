import type { ChildProcess } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A server that we run: where it listens, and the two ways to end it. */
export type Server = {
  url: string;
  port: number;
  pid: number;
  /** Resolves with how it ended, whoever ended it. */
  exited: Promise<string>;
  /** Ends it in good order; resolves when it is gone. Harmless twice. */
  stop(): Promise<void>;
  /** `kill -9`, as a crash would; resolves when it is gone. Harmless twice. */
  kill(): Promise<void>;
};

/** A signal, and for how long to wait for the end before the next one is sent. */
export type Blow = { signal: NodeJS.Signals; waitMs: number };

/** How a process is asked to end: politely, then not. */
export const politely: Blow[] = [
  { signal: 'SIGTERM', waitMs: 8000 },
  { signal: 'SIGKILL', waitMs: 5000 },
];

export function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal === null ? `ended with code ${code}` : `ended by ${signal}`));
  });
}

/** Ends a child of ours, blow by blow, and waits until it is gone. */
export async function endChild(child: ChildProcess, exited: Promise<string>, blows: Blow[]): Promise<void> {
  for (const { signal, waitMs } of blows) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    await Promise.race([exited, sleep(waitMs, undefined, { ref: false })]);
  }
}

/** Ends a process that is not our child (a predecessor left it), blow by blow. */
export async function endProcess(pid: number, blows: Blow[]): Promise<void> {
  const birth = await birthOf(pid);
  for (const { signal, waitMs } of blows) {
    const giveUpAt = Date.now() + waitMs;
    if (birth === undefined || (await birthOf(pid)) !== birth) return;
    signalProcess(pid, signal);
    while (Date.now() < giveUpAt && (await birthOf(pid)) === birth) await sleep(25);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * When a process was started, as an opaque string; undefined when there is none (a zombie counts as none). A pid and
 * its birth together name one process for ever, where a pid alone may be given to a stranger after a reboot.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return birthFromPs(pid);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces; the state is the first one after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The first thread of a killed program can be a zombie while others still end, and hold its files and locks until they have.
    const gone = fields[0] === 'X' || (fields[0] === 'Z' && (await readdir(`/proc/${pid}/task`)).length <= 1);
    return gone ? undefined : `${boot.trim()}-${fields[19]}`;
  } catch {
    return undefined;
  }
}

async function birthFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
