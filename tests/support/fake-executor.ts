import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Ending, RunSpec } from '../../worker/executor/executor.ts';
import { createFakeExecutor as createScripted, type FakeExecutor as Scripted } from '../../worker/executor/fake.ts';

/** What a pretended program does: the JSON behind "# does" in its main.py. */
const Program = z.object({
  prints: z.string().default(''),
  writes: z.record(z.string(), z.string()).default({}),
  ending: z.enum(['exited', 'timed-out', 'out-of-memory', 'output-too-large']).default('exited'),
  code: z.number().default(0),
  childOutOfMemory: z.boolean().default(false),
  samples: z.number().default(1),
  /** Runs until it is killed, or until `release` is called for this. */
  waits: z.string().optional(),
  /** Goes on once this file is there: for workers in processes of their own. */
  waitsForFile: z.string().optional(),
  /** The same before the program starts. */
  preparesUntilFile: z.string().optional(),
  /** The sandbox breaks: before the program, or in the midst of it. */
  breaks: z.enum(['prepare', 'run']).optional(),
});
export type Program = z.input<typeof Program>;

/** A main.py that the fake executor knows how to pretend to run. */
export function programThat(does: Program): string {
  return `# does ${JSON.stringify(does)}\nprint()\n`;
}

export interface FakeExecutor extends Scripted {
  /** Runs going on now, by spec name. */
  readonly running: ReadonlySet<string>;
  /** Lets all programs end that wait for this. */
  release(what: string): void;
  /** From now on everything fails that would need Docker, until this is called without an error. */
  goAway(error?: Error): void;
}

/** The fake of the conformance suite, with programs that say themselves what they do. What "runs" ends with this process. */
export function createFakeExecutor(): FakeExecutor {
  const running = new Set<string>();
  const gates = new Map<string, PromiseWithResolvers<void>>();
  let away: Error | undefined;
  const gate = (what: string) => {
    const found = gates.get(what) ?? Promise.withResolvers<void>();
    gates.set(what, found);
    return found;
  };
  const scripted = createScripted(async ({ spec, signal }) => {
    const program = await readProgram(spec);
    if (program.waits !== undefined) await gate(program.waits).promise;
    if (program.waitsForFile !== undefined) await present(program.waitsForFile, signal);
    if (program.breaks === 'run') throw new Error('the sandbox broke in the midst of the program');
    return {
      prints: program.prints,
      files: program.writes,
      ending: endingOf(program),
      childOutOfMemory: program.childOutOfMemory,
      samples: Array.from({ length: program.samples }, (_, t) => ({ t, memory: 1e6 * (t + 1), cpu: 0.5 })),
    };
  });
  return {
    ...scripted,
    running,
    run: async (spec, watcher, scratch, signal) => {
      if (away) throw away;
      const program = await readProgram(spec);
      if (program.breaks === 'prepare') throw new Error('the sandbox broke before the program');
      if (program.preparesUntilFile !== undefined) await present(program.preparesUntilFile, signal);
      running.add(spec.name);
      try {
        return await scripted.run(spec, watcher, scratch, signal);
      } finally {
        running.delete(spec.name);
      }
    },
    sweep: async () => (away ? await Promise.reject(away) : 0),
    release: (what) => gate(what).resolve(),
    goAway: (error) => {
      away = error;
    },
  };
}

async function readProgram(spec: RunSpec): Promise<z.output<typeof Program>> {
  const main = spec.job.find(({ path }) => path === 'main.py');
  if (main === undefined || !('file' in main.source)) throw new Error('the fake runs a main.py that is a file');
  const text = await readFile(main.source.file, 'utf8');
  return Program.parse(JSON.parse(/^# does (.*)$/m.exec(text)?.[1] ?? '{}'));
}

function endingOf({ ending, code }: z.output<typeof Program>): Ending {
  switch (ending) {
    case 'exited':
      return { kind: ending, code };
    case 'output-too-large':
      return { kind: ending, what: 'bytes' };
    case 'timed-out':
    case 'out-of-memory':
      return { kind: ending };
  }
}

async function present(file: string, signal: AbortSignal): Promise<void> {
  while (!existsSync(file) && !signal.aborted) await sleep(10);
}
