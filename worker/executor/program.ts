import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import { places } from './cage.ts';
import type { ContainerState, Engine } from './docker.ts';
import type { InputFile, Outcome, RunSpec, RunWatcher } from './executor.ts';
import { packFiles } from './job-tar.ts';
import { followLog } from './live-log.ts';
import { wholeLog, printedSince, totalOf, type Printed } from './log-files.ts';
import { judgeEnding, parseUsage, wasOutOfMemory, type Usage } from './outcome.ts';
import { fetchRemains, logBytes } from './remains.ts';
import { sampleRun, type GpuSampler, type Seen } from './samples.ts';
import type { Shell } from './shell.ts';

/** Copying a job's files into memory. */
const putMs = 120_000;
/** What the holder's memory has room for; the daemon is as fast with more. */
const maxLaneBytes = 8 * 2 ** 20;
const laneMs = 10_000;
/** From the kill to the end of the container. Large memory takes a while to give back. */
const dieMs = 30_000;

export interface ProgramOptions {
  readonly engine: Engine;
  readonly shell: Shell;
  readonly spec: RunSpec;
  readonly watcher: RunWatcher;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly gpuSampler: GpuSampler | undefined;
  readonly log: Log;
}

/** Runs the program in its shell, which is of no use afterwards. When it has settled every process in the cage is dead, or the cage could not be killed. */
export async function runProgram(options: ProgramOptions): Promise<Outcome> {
  const { engine, shell, spec, signal } = options;
  const watching = new AbortController();
  const exit = engine.wait(shell.cage, (spec.limits.wallSeconds + 3600) * 1000, watching.signal);
  exit.catch(() => undefined);
  try {
    if (signal.aborted) return nothing(spec);
    tell(options, (watcher) => watcher.prepared?.(spec.limits));
    const go = Buffer.from(JSON.stringify({ command: spec.command, env: spec.env }));
    await putJob(engine, shell, [...spec.job, { path: '.go', source: { content: go } }]);
    return await follow(options, exit, watching);
  } catch (error) {
    await engine.kill(shell.cage).catch(() => undefined);
    throw error;
  } finally {
    watching.abort();
  }
}

/** The program starts when its last file is there, `.go`; putting it twice does no harm. */
async function putJob(engine: Engine, { holder, lane }: Shell, files: readonly InputFile[]): Promise<void> {
  const bytes = files.reduce(
    (sum, { source }) => sum + ('content' in source ? source.content.length : source.bytes),
    0,
  );
  if (bytes <= maxLaneBytes && (await lane.put(packFiles(files), laneMs))) return;
  // The holder still waits for a job on its lane, so it would not hear what is asked of it there later.
  lane.close();
  await engine.putArchive(holder, places.job, packFiles(files), putMs);
}

async function follow(options: ProgramOptions, exit: Promise<number>, watching: AbortController): Promise<Outcome> {
  const { engine, shell, spec } = options;
  const startedAt = new Date();
  tell(options, (watcher) => watcher.started?.(startedAt));
  let told = 0;
  const printed = (part: Printed) => {
    told = part.offset + part.bytes.length;
    tell(options, (watcher) => watcher.printed?.(part.offset, part.bytes));
  };
  const seen: Seen = { peakMemoryBytes: 0, cpuSeconds: 0 };
  const looking = new AbortController();
  const looks = Promise.all([
    followLog({ engine, holder: shell.holder, maxLogBytes: logBytes(spec), signal: looking.signal, printed }),
    sampleRun(
      {
        engine,
        cage: shell.cage,
        gpus: spec.gpus,
        gpuSampler: options.gpuSampler,
        startedAt: startedAt.getTime(),
        signal: looking.signal,
        sampled: (sample) => tell(options, (watcher) => watcher.sampled?.(sample)),
      },
      seen,
    ),
  ]);
  let why: 'timed-out' | 'cancelled' | undefined;
  try {
    why = await untilDead(options, exit, watching);
  } finally {
    looking.abort();
    await looks;
  }
  const exitedAt = new Date();
  const remains = await fetchRemains(engine, shell, spec, options.scratch);
  const total = totalOf(remains.log);
  for (const part of printedSince(remains.log, told, total, total)) printed(part);
  const usage = parseUsage(remains.log.usage);
  const state = why === undefined ? await withLateNews(engine, shell, remains.state, startedAt) : remains.state;
  const ending = judgeEnding({ timedOut: why === 'timed-out', cancelled: why === 'cancelled', state, usage });
  const seconds = (exitedAt.getTime() - startedAt.getTime()) / 1000;
  return {
    ending,
    childOutOfMemory: ending.kind === 'exited' && wasOutOfMemory({ state, usage }),
    startedAt,
    exitedAt,
    usage: {
      peakMemoryBytes: peakMemory(spec, usage, seen, ending.kind === 'out-of-memory'),
      cpuSeconds: cpuSeconds(spec, usage, seen, seconds),
      gpuSeconds: spec.gpus.length === 0 ? undefined : spec.gpus.length * seconds,
    },
    log: wholeLog(remains.log),
    files: remains.files,
    others: remains.others,
  };
}

const lateMs = 300;

/** The kernel's word that it killed for memory may come to the daemon after the container's end: always where all of a gVisor sandbox is killed at once. */
async function withLateNews(
  engine: Engine,
  { cage }: Shell,
  state: ContainerState,
  startedAt: Date,
): Promise<ContainerState> {
  if (state.oomKilled || state.exitCode !== killedCode) return state;
  const saw =
    (await engine.sawOutOfMemory(cage, startedAt)) ||
    (await sleep(lateMs).then(async () => await engine.sawOutOfMemory(cage, startedAt)));
  return { ...state, oomKilled: saw };
}

/** 128 + SIGKILL */
const killedCode = 137;

/**
 * Waits for the program's end and brings it about at its time limit or when it is cancelled.
 * @returns why it was killed; undefined where it ended by itself
 */
async function untilDead(
  { engine, shell, spec, signal }: ProgramOptions,
  exit: Promise<number>,
  watching: AbortController,
): Promise<'timed-out' | 'cancelled' | undefined> {
  const why = await firstOf(exit, spec.limits.wallSeconds * 1000, signal);
  if (why === 'exited') return undefined;
  // A program that ended by itself at the last moment keeps its own ending.
  const killed = await engine.kill(shell.cage);
  const timer = setTimeout(
    () => watching.abort(new Error(`the container did not end within ${dieMs} ms of its kill`)),
    dieMs,
  );
  try {
    await exit;
  } finally {
    clearTimeout(timer);
  }
  return killed ? why : undefined;
}

async function firstOf(
  exit: Promise<number>,
  wallMs: number,
  signal: AbortSignal,
): Promise<'exited' | 'timed-out' | 'cancelled'> {
  let timer: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  try {
    return await Promise.race([
      exit.then(() => 'exited' as const),
      new Promise<'timed-out'>((resolve) => {
        timer = setTimeout(() => resolve('timed-out'), wallMs);
      }),
      new Promise<'cancelled'>((resolve) => {
        cancel = () => resolve('cancelled');
        if (signal.aborted) cancel();
        signal.addEventListener('abort', cancel, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    if (cancel !== undefined) signal.removeEventListener('abort', cancel);
  }
}

function peakMemory(spec: RunSpec, usage: Usage, seen: Seen, outOfMemory: boolean): number | undefined {
  const limit = spec.limits.memoryMiB * 2 ** 20;
  if (outOfMemory) return limit;
  // The cgroup's own peak counts the page cache too, and is the limit for whoever reads a large file.
  const peak = Math.min(limit, Math.max(seen.peakMemoryBytes, usage.maxRssBytes ?? 0));
  return peak > 0 ? peak : undefined;
}

/** What the runner says is believed as far as it is possible. */
function cpuSeconds(spec: RunSpec, usage: Usage, seen: Seen, seconds: number): number | undefined {
  const most = Math.max(seen.cpuSeconds, spec.limits.cpus * seconds * 1.1);
  const used = Math.max(seen.cpuSeconds, Math.min(most, usage.cpuSeconds ?? 0));
  return used > 0 ? used : undefined;
}

/** Cancelled before it began. */
function nothing(spec: RunSpec): Outcome {
  const now = new Date();
  return {
    ending: { kind: 'cancelled' },
    childOutOfMemory: false,
    startedAt: now,
    exitedAt: now,
    usage: { peakMemoryBytes: undefined, cpuSeconds: undefined, gpuSeconds: undefined },
    log: { head: new Uint8Array(), tail: new Uint8Array(), skipped: 0 },
    files: new Map(spec.outputs.map(({ name }) => [name, { kind: 'missing' }])),
    others: [],
  };
}

/** A watcher that throws harms nobody's run. */
function tell({ watcher, log }: ProgramOptions, what: (watcher: RunWatcher) => void): void {
  try {
    what(watcher);
  } catch (error) {
    log.error({ err: error }, 'the watcher of a run failed');
  }
}
