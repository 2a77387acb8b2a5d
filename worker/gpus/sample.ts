import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Log } from '../../core/log.ts';
import { cellsOf, numberIn } from './parse.ts';

export interface GpuReading {
  /** In busy devices: 1.5 is one and a half. */
  readonly gpu: number;
  readonly memoryBytes: number;
}

/** What a run does with its devices. */
export interface GpuMeter {
  /** The newest figures of all its devices together; undefined before the first and where the driver tells none. */
  read(): GpuReading | undefined;
  /** Ends it. @returns the integral of the utilisation over time, in device-seconds; undefined where none was ever told */
  stop(): number | undefined;
}

export interface GpuSampler {
  /** From now on. MIG instances have no utilisation by nvidia-smi: they give no readings. */
  meter(ids: readonly string[]): GpuMeter;
  close(): void;
}

export interface GpuSamplerOptions {
  readonly log: Pick<Log, 'warn'>;
  readonly program?: string;
  readonly everyMs?: number;
}

const query = ['--query-gpu=uuid,utilization.gpu,memory.used', '--format=csv,noheader,nounits'];

/**
 * One nvidia-smi for all runs, which prints a round of lines again and again: starting one each second would cost more than it tells. It runs only
 * while there is something to measure, and is replaced where it ends or falls silent.
 */
export function createGpuSampler({ log, program = 'nvidia-smi', everyMs = 1000 }: GpuSamplerOptions): GpuSampler {
  const meters = new Set<Accumulator>();
  let source: ChildProcess | undefined;
  let watchdog: NodeJS.Timeout | undefined;
  let heardMs = 0;
  let warned = false;

  function start(): void {
    heardMs = performance.now();
    const child = spawn(program, [...query, `--loop-ms=${everyMs}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    source = child;
    child.once('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (source === child) take(line);
    });
    child.unref();
  }

  function take(line: string): void {
    const [uuid = '', utilisation = '', memory = ''] = cellsOf(line);
    const percent = numberIn(utilisation);
    if (percent === undefined) return;
    heardMs = performance.now();
    warned = false;
    const reading = { gpu: Math.min(percent, 100) / 100, memoryBytes: (numberIn(memory) ?? 0) * 2 ** 20 };
    for (const meter of meters) meter.take(uuid, reading, heardMs);
  }

  /** Starts anew what has ended or says nothing. */
  function lookAfter(): void {
    if (performance.now() - heardMs < 5 * everyMs) return;
    if (!warned) log.warn({ program }, 'no figures come from nvidia-smi; it is started again until they do');
    warned = true;
    end();
    start();
  }

  function end(): void {
    source?.kill('SIGKILL');
    source?.stdout?.destroy();
    source = undefined;
  }

  function remove(meter: Accumulator): void {
    meters.delete(meter);
    if (meters.size > 0) return;
    clearInterval(watchdog);
    end();
  }

  return {
    meter: (ids) => {
      const meter = createAccumulator(new Set(ids), 2 * everyMs);
      if (meters.size === 0) {
        start();
        watchdog = setInterval(lookAfter, everyMs).unref();
      }
      meters.add(meter);
      return {
        read: () => meter.read(performance.now() - 5 * everyMs),
        stop: () => {
          remove(meter);
          return meter.seconds();
        },
      };
    },
    close: () => {
      for (const meter of meters) remove(meter);
    },
  };
}

interface Accumulator {
  take(uuid: string, reading: GpuReading, atMs: number): void;
  read(sinceMs: number): GpuReading | undefined;
  seconds(): number | undefined;
}

/** @param longestMs what a reading stands for at most: a gap is not counted as if the device had gone on */
function createAccumulator(ids: ReadonlySet<string>, longestMs: number): Accumulator {
  const latest = new Map<string, GpuReading & { readonly atMs: number }>();
  let total: number | undefined;
  return {
    take: (uuid, reading, atMs) => {
      if (!ids.has(uuid)) return;
      const before = latest.get(uuid);
      // By trapezoids between readings.
      const seconds = before === undefined ? 0 : Math.min(atMs - before.atMs, longestMs) / 1000;
      total = (total ?? 0) + ((before?.gpu ?? 0) + reading.gpu) * 0.5 * seconds;
      latest.set(uuid, { ...reading, atMs });
    },
    read: (sinceMs) => {
      const now = [...latest.values()].filter(({ atMs }) => atMs >= sinceMs);
      if (now.length === 0) return undefined;
      return {
        gpu: now.reduce((sum, { gpu }) => sum + gpu, 0),
        memoryBytes: now.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      };
    },
    seconds: () => total,
  };
}
