import { readFileSync } from 'node:fs';
import { createKeyCompiler, type CompiledKey, type KeyResult } from '../../../core/scoring/answer-key.ts';
import { buildKernel } from '../../../core/scoring/kernel/build.ts';
import { compileKernel, startKernel, type KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import type { KeyTargets } from '../../../core/scoring/key-file.ts';
import type { AnswerKey } from '../../../core/scoring/key-memory.ts';
import { parseMetric, type Metric } from '../../../core/scoring/metrics.ts';
import { openScorer, type Verdict } from '../../../core/scoring/predictions.ts';
import { createSampleReader, type SampleOrder } from '../../../core/scoring/sample-file.ts';

export const DIGITS = new URL('../../../examples/digits/', import.meta.url);

/** The kernel, built if its sources are newer; over private memory as in a browser, or over shared memory as in the threads. */
export async function getKernel(shared = false): Promise<KernelModule> {
  await buildKernel();
  const name = shared ? 'kernel-shared.wasm' : 'kernel.wasm';
  return compileKernel(
    Uint8Array.from(readFileSync(new URL(`../../../core/scoring/kernel/${name}`, import.meta.url))),
    shared,
  );
}

export const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

type KeyOptions = {
  classes?: readonly string[];
  sample?: string | Uint8Array;
  targets?: KeyTargets;
  maxBytes?: number;
};

export function compileText(
  kernel: KernelModule,
  text: string | Uint8Array,
  { classes, sample, targets, maxBytes = 1e9 }: KeyOptions = {},
): KeyResult {
  const order = sample === undefined ? undefined : readSample(sample);
  const compiler = createKeyCompiler({
    kernel,
    maxBytes,
    ...(classes === undefined ? {} : { classes }),
    ...(order === undefined ? {} : { sample: order }),
    ...(targets === undefined ? {} : { targets }),
  });
  compiler.push(typeof text === 'string' ? toBytes(text) : text);
  return compiler.finish();
}

export function getCompiled(kernel: KernelModule, text: string | Uint8Array, options: KeyOptions = {}): CompiledKey {
  const result = compileText(kernel, text, options);
  if (result.kind === 'rejected') throw new Error(JSON.stringify(result.report));
  return result;
}

function readSample(text: string | Uint8Array): SampleOrder {
  const reader = createSampleReader(1e9);
  reader.push(typeof text === 'string' ? toBytes(text) : text);
  const result = reader.finish();
  if (result.kind === 'rejected') throw new Error(JSON.stringify(result.report));
  return result.sample;
}

type RunOptions = {
  metrics?: readonly string[];
  check?: boolean;
  chunkBytes?: number;
  useKernel?: boolean;
  maxBytes?: number;
};

/** Scores (or checks) bytes with a kernel of its own. */
export function scoreBytes(
  module: KernelModule,
  key: AnswerKey,
  input: string | Uint8Array,
  options: RunOptions = {},
): Verdict {
  const { metrics = ['top1', 'top5'], check = false, chunkBytes = 1e9, useKernel = true, maxBytes = 1e9 } = options;
  const bytes = typeof input === 'string' ? toBytes(input) : input;
  const scorer = openScorer({
    key,
    kernel: startKernel(module, key.memory),
    metrics: check ? undefined : metrics.map(getMetric),
    maxBytes,
    useKernel,
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) if (!scorer.push(bytes.subarray(at, at + chunkBytes))) break;
  return scorer.finish();
}

function getMetric(name: string): Metric {
  const metric = parseMetric(name);
  if (metric === undefined) throw new Error(`no metric ${name}`);
  return metric;
}

/** The codes of a rejection, `line:code`, for short expectations. */
export function problemsOf(verdict: Verdict | KeyResult): string[] {
  if (verdict.kind !== 'rejected') return [verdict.kind];
  return verdict.report.errors.map(({ line, code }) => `${line ?? '-'}:${code}`);
}

/** A small repeatable source of randomness (mulberry32): numbers from 0 to below `below`. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
