import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSample } from '../../core/contract/runs.ts';
import type { ContainerUsage, Engine } from './docker.ts';

/** What all devices of a run do together: `busy` in devices (1.5: one and a half), `memoryBytes` used. Undefined where it can't be told. */
export type GpuSampler = (gpus: readonly string[]) => Promise<{ busy: number; memoryBytes: number } | undefined>;

const everyMs = 1000;

interface SamplesOptions {
  readonly engine: Engine;
  readonly cage: string;
  readonly gpus: readonly string[];
  readonly gpuSampler: GpuSampler | undefined;
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly sampled: (sample: RunSample) => void;
}

export interface Seen {
  peakMemoryBytes: number;
  cpuSeconds: number;
}

/** Looks at what a program uses once a second, until the signal. What can't be read is left out. */
export async function sampleRun(options: SamplesOptions, seen: Seen): Promise<void> {
  const { engine, cage, startedAt, signal } = options;
  let last: { usage: ContainerUsage; at: number } | undefined;
  while (!signal.aborted) {
    try {
      const usage = await engine.usage(cage, signal);
      const at = Date.now();
      const gpu = await sampleGpus(options);
      if (usage !== undefined) {
        seen.peakMemoryBytes = Math.max(seen.peakMemoryBytes, usage.memoryBytes);
        seen.cpuSeconds = Math.max(seen.cpuSeconds, usage.cpuSeconds);
        const cpu = last === undefined ? 0 : busy(last, usage, at);
        if (last !== undefined) options.sampled({ t: (at - startedAt) / 1000, memory: usage.memoryBytes, cpu, ...gpu });
        last = { usage, at };
      }
    } catch {
      // The next look may do better.
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function busy(last: { usage: ContainerUsage; at: number }, usage: ContainerUsage, at: number): number {
  const seconds = (at - last.at) / 1000;
  return seconds > 0 ? Math.max(0, (usage.cpuSeconds - last.usage.cpuSeconds) / seconds) : 0;
}

async function sampleGpus({ gpus, gpuSampler }: SamplesOptions): Promise<{ gpu?: number; gpuMemory?: number }> {
  if (gpus.length === 0 || gpuSampler === undefined) return {};
  const sample = await gpuSampler(gpus);
  return sample === undefined ? {} : { gpu: sample.busy, gpuMemory: sample.memoryBytes };
}
