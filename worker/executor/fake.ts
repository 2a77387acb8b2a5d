import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSample } from '../../core/contract/runs.ts';
import type { Ending, Executor, Outcome, OutputFile, RunSpec, RunWatcher, ShellSpec } from './executor.ts';

/** What a pretended program does; all of it may be left out. */
export interface FakeProgram {
  readonly prints?: string | Uint8Array;
  /** What lies in the top of the working directory at the end. */
  readonly files?: Readonly<Record<string, string | Uint8Array | { readonly refused: string }>>;
  /** Exit code 0 unless given. */
  readonly ending?: Ending;
  readonly childOutOfMemory?: boolean;
  readonly samples?: readonly RunSample[];
}

export interface FakeRun {
  readonly spec: RunSpec;
  readonly watcher: RunWatcher;
  readonly signal: AbortSignal;
}

/** Called for each run after `started`. It may take its time (the time limit holds); what it throws breaks the sandbox. */
export type FakeScript = (run: FakeRun) => FakeProgram | Promise<FakeProgram>;

export interface FakeExecutor extends Executor {
  /** All runs that were asked for, oldest first. */
  readonly runs: readonly RunSpec[];
  readonly anticipated: readonly ShellSpec[];
}

/** An executor that runs nothing, for tests of what surrounds one. The conformance suite holds it to the promises that it can keep. */
export function createFakeExecutor(script: FakeScript, runtime = 'fake'): FakeExecutor {
  const runs: RunSpec[] = [];
  const anticipated: ShellSpec[] = [];
  const running = new Set<string>();

  async function runNamed(spec: RunSpec, watcher: RunWatcher, scratch: string, signal: AbortSignal): Promise<Outcome> {
    const startedAt = new Date();
    if (signal.aborted) return await outcomeOf(spec, { ending: { kind: 'cancelled' } }, startedAt, scratch);
    tell(() => watcher.prepared?.(spec.limits));
    tell(() => watcher.started?.(startedAt));
    const program = await untilStopped(Promise.resolve(script({ spec, watcher, signal })), spec, signal);
    const bytes = bytesOf(program.prints ?? '');
    if (bytes.length > 0) tell(() => watcher.printed?.(0, bytes));
    for (const sample of program.samples ?? []) tell(() => watcher.sampled?.(sample));
    return await outcomeOf(spec, program, startedAt, scratch);
  }

  return {
    runtime,
    runs,
    anticipated,
    async run(spec, watcher, scratch, signal) {
      if (running.has(spec.name)) throw new Error(`the run ${spec.name} is there already`);
      running.add(spec.name);
      runs.push(spec);
      try {
        return await runNamed(spec, watcher, scratch, signal);
      } finally {
        running.delete(spec.name);
      }
    },
    async anticipate(spec) {
      anticipated.push(spec);
    },
    async sweep() {
      return 0;
    },
    async close() {},
  };
}

/** A watcher that throws harms nobody's run. */
function tell(what: () => void): void {
  try {
    what();
  } catch {
    // As in the real one, which logs it.
  }
}

async function untilStopped(work: Promise<FakeProgram>, spec: RunSpec, signal: AbortSignal): Promise<FakeProgram> {
  let timer: NodeJS.Timeout | undefined;
  let cancel = () => {};
  try {
    return await Promise.race([
      work,
      new Promise<FakeProgram>((resolve) => {
        timer = setTimeout(() => resolve({ ending: { kind: 'timed-out' } }), spec.limits.wallSeconds * 1000);
        cancel = () => resolve({ ending: { kind: 'cancelled' } });
        signal.addEventListener('abort', cancel, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    // What the script does after the end concerns nobody.
    work.catch(() => undefined);
  }
}

async function outcomeOf(spec: RunSpec, program: FakeProgram, startedAt: Date, scratch: string): Promise<Outcome> {
  const files = new Map<string, OutputFile>();
  for (const [index, { name, maxBytes }] of spec.outputs.entries()) {
    files.set(name, await fetched(program.files?.[name], maxBytes, join(scratch, `output-${index}`)));
  }
  const printed = bytesOf(program.prints ?? '');
  const half = spec.limits.logKiB * 512;
  const tail = printed.subarray(Math.max(half, printed.length - half));
  const head = printed.subarray(0, half);
  return {
    ending: program.ending ?? { kind: 'exited', code: 0 },
    childOutOfMemory: program.childOutOfMemory ?? false,
    startedAt,
    exitedAt: new Date(),
    usage: {
      peakMemoryBytes: 2 ** 20,
      cpuSeconds: 0.01,
      gpuSeconds: spec.gpus.length === 0 ? undefined : 0.01 * spec.gpus.length,
    },
    log: { head, tail, skipped: printed.length - head.length - tail.length },
    files,
    others: Object.keys(program.files ?? {})
      .filter((name) => !files.has(name))
      .slice(0, 20),
  };
}

async function fetched(
  content: string | Uint8Array | { readonly refused: string } | undefined,
  maxBytes: number,
  file: string,
): Promise<OutputFile> {
  if (content === undefined) return { kind: 'missing' };
  if (typeof content !== 'string' && !(content instanceof Uint8Array))
    return { kind: 'refused', what: content.refused };
  const bytes = bytesOf(content);
  if (bytes.length > maxBytes) return { kind: 'too-large', bytes: bytes.length };
  await writeFile(file, bytes, { flag: 'wx' });
  return { kind: 'file', file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
