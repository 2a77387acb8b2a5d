import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { RunLimits } from '../../core/contract/runs.ts';
import type { Ending, Executor, Outcome, RunSpec, RunWatcher, ShellSpec } from '../../worker/executor/executor.ts';
import type { FakeProgram } from '../../worker/executor/fake.ts';
import { createDockerExecutor, type SandboxOptions } from '../../worker/executor/sandbox.ts';
import { docker, imageDigest } from './docker.ts';

/** A program, and what an executor promises to tell of it. */
export interface Program {
  readonly name: string;
  readonly python: string;
  readonly ending: Ending;
  readonly childOutOfMemory?: boolean;
  /** Where gVisor differs: to the host's memory limit, its whole sandbox is one process. */
  readonly onRunsc?: Pick<Partial<Program>, 'ending' | 'childOutOfMemory' | 'files'>;
  readonly files?: Readonly<Record<string, object>>;
  readonly others?: readonly string[];
  readonly log?: RegExp;
  readonly wallSeconds?: number;
  readonly limits?: Partial<RunLimits>;
  /** The same, pretended; left out where a fake could only repeat what it was told. */
  readonly fake?: (signal: AbortSignal) => FakeProgram | Promise<FakeProgram>;
}

const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('');
const eatsMemory = 'x = []\nwhile True: x.append(bytearray(1 << 24))';

export const programs: readonly Program[] = [
  {
    name: 'writes its predictions',
    python: 'print("hello")\nopen("predictions.csv", "w").write("id,label\\n")',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'file', bytes: 9 } },
    others: [],
    log: /^hello\n$/,
    fake: () => ({ prints: 'hello\n', files: { 'predictions.csv': 'id,label\n' } }),
  },
  {
    name: 'writes other files',
    python: 'import os\nos.mkdir("deep")\nopen("deep/predictions.csv", "w").close()\nopen("pred.csv", "w").close()',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'missing' } },
    others: ['deep', 'pred.csv'],
    fake: () => ({ files: { deep: '', 'pred.csv': '' } }),
  },
  {
    name: 'writes a file over its limit',
    python: 'open("predictions.csv", "w").write("x" * 1_000_001)',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'too-large', bytes: 1_000_001 } },
    fake: () => ({ files: { 'predictions.csv': 'x'.repeat(1_000_001) } }),
  },
  {
    name: 'prints too much',
    python: 'for i in range(100_000): print("line", i)',
    ending: { kind: 'exited', code: 0 },
    limits: { logKiB: 64 },
    log: /^line 0\nline 1\n/,
    fake: () => ({ prints: lines }),
  },
  {
    name: 'sleeps for ever',
    python: 'import time, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1e6)',
    ending: { kind: 'timed-out' },
    wallSeconds: 2,
    fake: async (signal) => {
      await sleep(60_000, undefined, { signal });
      return {};
    },
  },
  {
    name: 'stops itself',
    python: 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)',
    ending: { kind: 'timed-out' },
    wallSeconds: 1,
  },
  {
    name: 'fails',
    python: 'raise SystemExit(1)',
    ending: { kind: 'exited', code: 1 },
    files: { 'predictions.csv': { kind: 'missing' } },
    fake: () => ({ ending: { kind: 'exited', code: 1 } }),
  },
  { name: 'exits with 137', python: 'raise SystemExit(137)', ending: { kind: 'exited', code: 137 } },
  { name: 'exits with 124', python: 'raise SystemExit(124)', ending: { kind: 'exited', code: 124 } },
  { name: 'is not a program', python: '\0', ending: { kind: 'exited', code: 1 } },
  { name: 'crashes', python: 'import ctypes\nctypes.string_at(0)', ending: { kind: 'exited', code: 139 } },
  { name: 'kills itself', python: 'import os\nos.kill(os.getpid(), 9)', ending: { kind: 'exited', code: 137 } },
  { name: 'kills the runner', python: 'import os\nos.kill(os.getppid(), 9)', ending: { kind: 'exited', code: 137 } },
  { name: 'needs too much memory', python: eatsMemory, ending: { kind: 'out-of-memory' }, limits: { memoryMiB: 128 } },
  {
    name: 'has a child that needs too much memory',
    python: `import subprocess, sys\nsubprocess.run([sys.executable, "-c", ${JSON.stringify(eatsMemory)}])`,
    ending: { kind: 'exited', code: 0 },
    childOutOfMemory: true,
    limits: { memoryMiB: 128 },
    onRunsc: { ending: { kind: 'out-of-memory' } },
  },
  {
    name: 'writes too many bytes',
    python: 'with open("model.bin", "wb") as file:\n  while True: file.write(bytes(1 << 20))',
    ending: { kind: 'output-too-large', what: 'bytes' },
    limits: { outputMiB: 4 },
  },
  {
    name: 'writes too many files and goes on',
    python: 'try:\n  for i in range(10_000): open(f"f{i}", "w").close()\nexcept OSError: pass',
    ending: { kind: 'output-too-large', what: 'files' },
    limits: { outputFiles: 30 },
  },
  {
    name: 'writes as much as it may',
    python:
      'open("model.bin", "wb").write(bytes((4 << 20) - 4096))\nfor i in range(28): open(f"f{i}", "w").close()\nopen("predictions.csv", "w").write("id")',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'file', bytes: 2 } },
    limits: { outputMiB: 4, outputFiles: 30 },
  },
  {
    name: 'writes a page more than it may',
    python: 'open("model.bin", "wb").write(bytes(4 << 20))\nopen("predictions.csv", "w").write("id")',
    ending: { kind: 'output-too-large', what: 'bytes' },
    limits: { outputMiB: 4, outputFiles: 30 },
  },
  refused('links to a file', 'os.symlink("/etc/passwd", "predictions.csv")', 'a link'),
  refused('makes a folder', 'os.mkdir("predictions.csv")', 'a folder'),
  // gVisor keeps pipes to itself.
  {
    ...refused('makes a pipe', 'os.mkfifo("predictions.csv")', 'a pipe'),
    onRunsc: { files: { 'predictions.csv': { kind: 'missing' } } },
  },
  refused('makes a hard link', 'open("a", "w").close(); os.link("a", "predictions.csv")', 'a file with several names'),
  {
    name: 'makes large holes',
    python: 'for name in ("a", "b", "c", "predictions.csv"):\n  with open(name, "w") as file: file.truncate(100 << 20)',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'too-large', bytes: 100 * 2 ** 20 } },
    limits: { outputMiB: 120 },
  },
  {
    name: 'leaves a daemon behind',
    python:
      'import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(30)\n    open("predictions.csv", "w").write("late")\n    time.sleep(1000)\n  os._exit(0)\nopen("predictions.csv", "w").write("id")',
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'file', bytes: 2 } },
  },
];

function refused(name: string, does: string, what: string): Program {
  return {
    name,
    python: `import os\n${does}`,
    ending: { kind: 'exited', code: 0 },
    files: { 'predictions.csv': { kind: 'refused', what } },
  };
}

export async function createTestExecutor(
  options: Pick<SandboxOptions, 'runtime' | 'installation' | 'worker'> & Partial<SandboxOptions>,
): Promise<Executor> {
  return await createDockerExecutor({ host: docker().host, ready: 1, log: pino({ level: 'silent' }), ...options });
}

export function shapeFor(program: Program, image: string): ShellSpec {
  const limits = RunLimits.parse({
    // What ends by itself has the time for it on a slow machine, too.
    wallSeconds: program.wallSeconds ?? 300,
    memoryMiB: 256,
    outputMiB: 20,
    shmMiB: 16,
    tmpMiB: 16,
    processes: 32,
    ...program.limits,
  });
  return { image, limits, gpus: [], inputs: {} };
}

export function specFor(program: Program, name: string, image: string): RunSpec {
  return {
    ...shapeFor(program, image),
    name,
    labels: {},
    job: [{ path: 'main.py', source: { content: Buffer.from(program.python) } }],
    command: ['main.py'],
    env: { PROGRAM: program.name },
    outputs: [{ name: 'predictions.csv', maxBytes: 1_000_000 }],
  };
}

export interface Watched {
  readonly stages: string[];
  /** What was printed, at its place; zeros where nothing was told. */
  bytes: Uint8Array;
}

export async function runProgram(
  executor: Executor,
  program: Program,
  name: string,
  { watcher, signal = new AbortController().signal }: { watcher?: RunWatcher; signal?: AbortSignal } = {},
): Promise<{ outcome: Outcome; watched: Watched }> {
  const watched: Watched = { stages: [], bytes: new Uint8Array() };
  const own: RunWatcher = {
    prepared: () => watched.stages.push('prepared'),
    started: () => watched.stages.push('started'),
    printed: (offset, bytes) => {
      const all = new Uint8Array(Math.max(watched.bytes.length, offset + bytes.length));
      all.set(watched.bytes);
      all.set(bytes, offset);
      watched.bytes = all;
    },
  };
  const scratch = await mkdtemp(join(tmpdir(), 'topk-executor-'));
  const spec = specFor(
    program,
    name.replaceAll(' ', '-'),
    executor.runtime === 'fake' ? 'fake' : imageDigest('python'),
  );
  onTestFinished(async () => rm(scratch, { recursive: true }));
  const outcome = await executor.run(spec, watcher ?? own, scratch, signal);
  return { outcome, watched };
}
