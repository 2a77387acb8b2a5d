import { setTimeout as sleep } from 'node:timers/promises';
import { places } from './cage.ts';
import type { Engine } from './docker.ts';
import { collect } from './fetch.ts';
import { printedSince, totalOf, type Printed } from './log-files.ts';

/** How soon after it was printed something is seen. */
const pauseMs = 400;

interface LiveLogOptions {
  readonly engine: Engine;
  readonly holder: string;
  readonly maxLogBytes: number;
  readonly signal: AbortSignal;
  readonly printed: (part: Printed) => void;
}

/**
 * Reads what is printed while it is printed, from the runner's files, at the worker's pace: however fast a program prints, it costs the same.
 * Ends with the signal. What goes wrong is left to the next look: the whole log is fetched at the end.
 */
export async function followLog({ engine, holder, maxLogBytes, signal, printed }: LiveLogOptions): Promise<void> {
  let next = 0;
  let changed = '';
  let pause = pauseMs;
  while (await waited(pause, signal)) {
    const from = performance.now();
    try {
      const stat = await engine.stat(holder, `${places.log}/total`, signal);
      if (stat === undefined || stat.changed === changed) continue;
      const before = totalOf(await read('total'));
      const files = await read('log');
      for (const part of printedSince(files, next, before, Math.max(before, totalOf(files)))) {
        printed(part);
        next = part.offset + part.bytes.length;
      }
      changed = stat.changed;
    } catch {
      if (signal.aborted) return;
    } finally {
      // A tenth of the time at most, so that a log of many megabytes does not busy the daemon.
      pause = Math.max(pauseMs, 9 * (performance.now() - from));
    }
  }

  async function read(what: 'log' | 'total') {
    const path = what === 'log' ? places.log : `${places.log}/total`;
    const parent = what === 'log' ? 'run/' : 'run/log/';
    const archive = await engine.getArchive(holder, path, 10_000, signal);
    if (archive === undefined) throw new Error('the log is gone');
    const maxBytes = what === 'log' ? maxLogBytes + 65_536 : 65_536;
    return (await collect(archive, { outputs: [], maxLogBytes, maxBytes, scratch: '' }, parent)).log;
  }
}

async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
