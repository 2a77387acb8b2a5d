import { z } from 'zod';
import type { Ending } from './executor.ts';
import type { ContainerState } from './docker.ts';
import { outputSlack } from './cage.ts';

/** What the runner wrote at the end. The program could write it too, so it decides nothing that a program could gain by. */
const count = z.number().int().min(0).nullish();
const Usage = z.object({
  maxRssBytes: count,
  cpuSeconds: z.number().min(0).nullish(),
  oomKills: count,
  outFreeBytes: count,
  outFreeFiles: count,
});
export type Usage = z.infer<typeof Usage>;

/** What is known when every process is dead. */
export interface Remains {
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly state: ContainerState;
  readonly usage: Usage;
}

/** In this order: a time limit and an OOM kill both exit with 137, which a program can also say of itself. */
export function judgeEnding({ timedOut, cancelled, state, usage }: Remains): Ending {
  if (timedOut) return { kind: 'timed-out' };
  if (cancelled) return { kind: 'cancelled' };
  if (wasOutOfMemory({ state, usage }) && state.exitCode !== 0) return { kind: 'out-of-memory' };
  const { outFreeBytes, outFreeFiles } = usage;
  if (outFreeBytes !== null && outFreeBytes !== undefined && outFreeBytes < outputSlack.bytes) {
    return { kind: 'output-too-large', what: 'bytes' };
  }
  if (outFreeFiles !== null && outFreeFiles !== undefined && outFreeFiles < outputSlack.files) {
    return { kind: 'output-too-large', what: 'files' };
  }
  return { kind: 'exited', code: state.exitCode };
}

export function wasOutOfMemory({ state, usage }: Pick<Remains, 'state' | 'usage'>): boolean {
  return state.oomKilled || (usage.oomKills ?? 0) > 0;
}

/** Nothing where the runner came to write nothing, or the program wrote nonsense. */
export function parseUsage(file: Buffer): Usage {
  try {
    return Usage.parse(JSON.parse(file.toString('utf8').replace(/\0+$/, '')));
  } catch {
    return {};
  }
}
