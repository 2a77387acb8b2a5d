import { openLiveLog, type LiveLogWriter } from '../../core/live-log.ts';
import type { RunSample } from '../../core/contract/runs.ts';
import { markPrepared, markStarted, saveSamples, type RunId } from '../../core/submissions/runs.ts';
import type { RunWatcher } from '../executor/executor.ts';
import type { GpuMeter } from '../gpus/sample.ts';
import type { Services } from '../services.ts';
import { createSamples } from './samples.ts';

/** Follows a run for those who look on: its row's stages, its curve, its live log, and news of them. */
export interface Watch {
  readonly watcher: RunWatcher;
  readonly samples: readonly RunSample[];
  /** Resolves when all that was seen is written, or could not be. */
  close(): Promise<void>;
}

const newsEveryMs = 500;
const saveEveryMs = 3_000;
/** What waits for the disk beyond this is left out of the live log. */
const maxWaitingBytes = 4 * 2 ** 20;

/** @param onStarted called once, when the program starts */
export function watchRun(services: Services, run: RunId, meter: GpuMeter | undefined, onStarted: () => void): Watch {
  const { db, config, log } = services;
  const samples = createSamples();
  const news = throttle(newsEveryMs, () => {
    services.changes.send({ kind: 'run', submissionId: run.submissionId, attempt: run.attempt });
  });
  const printing = createPrinter(openLiveLog(config.dataDir, run), news.soon, (error) =>
    log.warn({ err: error, ...run }, 'the live log can’t be written'),
  );
  // One after another: a stage is not to be written before the one that it follows.
  let writing = Promise.resolve();
  const write = (work: () => Promise<void>) => {
    writing = writing
      .then(work)
      .then(news.soon, (error: unknown) => log.warn({ err: error, ...run }, 'a run’s progress was not written'));
  };
  let savedMs = performance.now();
  return {
    watcher: {
      prepared: (limits) => {
        const at = new Date();
        write(async () => await markPrepared(db.pool, run, at, limits));
      },
      started: (at) => {
        write(async () => await markStarted(db.pool, run, at));
        onStarted();
      },
      printed: (offset, bytes) => printing.add(offset, bytes),
      sampled: (sample) => {
        const reading = meter?.read();
        samples.add(reading ? { ...sample, gpu: reading.gpu, gpuMemory: reading.memoryBytes } : sample);
        if (performance.now() - savedMs < saveEveryMs) return;
        savedMs = performance.now();
        const kept = [...samples.kept];
        write(async () => await saveSamples(db.pool, run, kept));
      },
    },
    get samples() {
      return samples.kept;
    },
    close: async () => {
      await Promise.all([writing, printing.done()]);
      news.close();
    },
  };
}

/** Writes what comes while another write is under way as one. */
function createPrinter(opening: Promise<LiveLogWriter>, onWritten: () => void, onError: (error: unknown) => void) {
  let waiting: { offset: number; bytes: Uint8Array }[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  let broken = false;
  const drain = async () => {
    try {
      const writer = await opening;
      while (waiting.length > 0) {
        const pieces = waiting;
        waiting = [];
        waitingBytes = 0;
        for (const { offset, bytes } of joined(pieces)) await writer.append(offset, bytes);
        onWritten();
      }
    } catch (error) {
      broken = true;
      onError(error);
    } finally {
      writing = undefined;
    }
  };
  opening.catch(() => undefined);
  return {
    add: (offset: number, bytes: Uint8Array) => {
      if (broken || waitingBytes > maxWaitingBytes) return;
      waiting.push({ offset, bytes });
      waitingBytes += bytes.length;
      writing ??= drain();
    },
    done: async () => await writing,
  };
}

function joined(pieces: readonly { offset: number; bytes: Uint8Array }[]) {
  const runs: { offset: number; parts: Uint8Array[]; end: number }[] = [];
  for (const { offset, bytes } of pieces) {
    const last = runs.at(-1);
    if (last?.end === offset) {
      last.parts.push(bytes);
      last.end += bytes.length;
    } else runs.push({ offset, parts: [bytes], end: offset + bytes.length });
  }
  return runs.map(({ offset, parts }) => ({ offset, bytes: Buffer.concat(parts) }));
}

/** Calls `send` at once, then at most once in `everyMs`; the last call is never lost. */
function throttle(everyMs: number, send: () => void): { soon(): void; close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const tick = () => {
    timer = undefined;
    if (!again) return;
    again = false;
    soon();
  };
  const soon = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    send();
    timer = setTimeout(tick, everyMs);
  };
  return {
    soon,
    close: () => {
      clearTimeout(timer);
      if (again) send();
    },
  };
}
