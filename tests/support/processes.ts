import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endChild, exitOf, type Blow } from '../../dev/processes.ts';

/** An api or a worker as it runs in earnest: its own process, started by its own `main.ts`. */
export interface Program {
  readonly pid: number;
  /** Resolves with how it ended, whoever ended it. */
  readonly exited: Promise<string>;
  /** Every line that it logged so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line that has `text` in it, past or to come; rejects if it ends, or 20 seconds pass, without one. */
  logged(text: string): Promise<string>;
  /** Stops it in the middle of whatever it does, so that it seems dead and is not. */
  freeze(): void;
  thaw(): void;
  /** As a supervisor ends it; resolves, with how, when it is gone. */
  stop(): Promise<string>;
  /** `kill -9`, as the kernel does when memory runs out; resolves when it is gone. */
  kill(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const insist: Blow[] = [{ signal: 'SIGKILL', waitMs: 5_000 }];

/** Starts `api/main.ts` or `worker/main.ts`; resolves once it says that it is up. */
export async function startProgram(
  name: 'api' | 'worker' | 'tests/support/fake-worker',
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, name, 'main.ts')], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  const exited = exitOf(child);
  const { lines, logged } = collect(child, exited);
  const program: Program = {
    pid: child.pid ?? 0,
    exited,
    lines,
    logged,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGCONT');
      await endChild(child, exited, [{ signal: 'SIGTERM', waitMs: 15_000 }, ...insist]);
      return await exited;
    },
    kill: async () => await endChild(child, exited, insist),
  };
  await logged(name === 'api' ? '"listening"' : '"grading"');
  return program;
}

function collect(child: ChildProcess, exited: Promise<string>): Pick<Program, 'lines' | 'logged'> {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const logged: Program['logged'] = async (text) => {
    const found = Promise.withResolvers<string>();
    const look = () => {
      const line = lines.find((candidate) => candidate.includes(text));
      if (line !== undefined) found.resolve(line);
    };
    waiting.add(look);
    look();
    const fail = (why: string) =>
      found.reject(new Error(`${why} before it logged ${text}:\n${lines.slice(-20).join('\n')}`));
    void exited.then(fail);
    const timer = setTimeout(() => fail('two minutes passed'), 120_000);
    try {
      return await found.promise;
    } finally {
      waiting.delete(look);
      clearTimeout(timer);
    }
  };
  return { lines, logged };
}

/** A test run that is interrupted runs no clean-up. */
function endWithThisProcess(child: ChildProcess): void {
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}
