import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, RunSpec, RunWatcher } from '../../worker/executor/executor.ts';
import { createFakeExecutor, type FakeProgram, type FakeRun } from '../../worker/executor/fake.ts';
import { predictions } from './steps.ts';

/** Programs that people send in the browser tests; the first line of what they send names one. */
export interface Programs {
  readonly executor: Executor;
  /** Lets a program that waits come to its end. */
  finish(name: Name): void;
}

const names = ['train', 'endless', 'fails', 'hostile', 'flood', 'notebook'] as const;
type Name = (typeof names)[number];

/** What `name` stands in, to be sent. */
export function scriptOf(name: Name): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'main.py', mimeType: 'text/x-python', buffer: Buffer.from(`# plays ${name}\nprint()\n`) };
}

export const traceback = `Traceback (most recent call last):
  File "/topk/job/main.py", line 12, in <module>
    model = Net(hidden=0)
ValueError: hidden must be positive
`;

/** Each line would do something in a terminal, or in a page that took it for HTML. */
export const hostileLines = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007 and plain',
  '</pre></div><svg onload=alert(3)>',
  'user\u202egnp.exe',
];

const floodLinesPerSecond = 10_000;

export function createPrograms(): Programs {
  const gates = new Map<Name, PromiseWithResolvers<void>>();
  const gate = (name: Name) => {
    const found = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, found);
    return found;
  };
  const plays: Record<Name, (run: Printer) => Promise<FakeProgram>> = {
    train: async (run) => {
      run.print('Using cpu\n');
      for (let percent = 0; percent <= 100; percent += 10)
        run.print(`\repoch 1: ${percent}%|${'█'.repeat(percent / 10)}|`);
      run.print('\n');
      let finished = false;
      const end = gate('train').promise.then(() => (finished = true));
      for (let t = 0; !finished; t += 1) {
        run.watcher.sampled?.({ t, memory: (0.5 + t / 1000) * 2 ** 30, cpu: 0.9 });
        await Promise.race([end, sleep(500)]);
      }
      run.print('wrote predictions.csv\n');
      return { files: { 'predictions.csv': await readFile(predictions('random_forest.csv')) } };
    },
    endless: async (run) => {
      run.print('for ever\n');
      await once(run.signal, 'abort');
      return {};
    },
    fails: async (run) => {
      run.print(traceback);
      return await Promise.resolve({ ending: { kind: 'exited', code: 1 } });
    },
    hostile: async (run) => {
      run.print(`${hostileLines.join('\n')}\n`);
      await gate('hostile').promise;
      return { ending: { kind: 'exited', code: 1 } };
    },
    flood: async (run) => {
      for (let line = 0; !run.signal.aborted;) {
        const more = Array.from(
          { length: floodLinesPerSecond / 20 },
          () => `step ${line++}: loss 0.1234, accuracy 0.9876\n`,
        );
        run.print(more.join(''));
        await sleep(50);
      }
      return {};
    },
    notebook: async () => {
      const content = JSON.stringify(hostileNotebook);
      return await Promise.resolve({ files: { 'executed.ipynb': content }, ending: { kind: 'exited', code: 1 } });
    },
  };
  const fake = createFakeExecutor(async (run) => {
    const printer = printerOf(run);
    const program = await plays[await nameOf(run.spec)](printer);
    return { ...program, prints: printer.printed() };
  });
  return {
    // The fake prints all at the end, of which these programs have told a part before.
    executor: { ...fake, run: async (spec, watcher, ...rest) => await fake.run(spec, onlyFresh(watcher), ...rest) },
    finish: (name) => gate(name).resolve(),
  };
}

interface Printer extends FakeRun {
  print(text: string): void;
  printed(): Uint8Array;
}

function printerOf(run: FakeRun): Printer {
  const parts: Buffer[] = [];
  let end = 0;
  return {
    ...run,
    print: (text) => {
      const bytes = Buffer.from(text);
      run.watcher.printed?.(end, bytes);
      parts.push(bytes);
      end += bytes.length;
    },
    printed: () => Buffer.concat(parts),
  };
}

function onlyFresh(watcher: RunWatcher): RunWatcher {
  let end = 0;
  return {
    ...watcher,
    printed: (offset, bytes) => {
      const fresh = bytes.subarray(Math.max(0, end - offset));
      if (fresh.length === 0) return;
      watcher.printed?.(end, fresh);
      end += fresh.length;
    },
  };
}

async function nameOf({ job }: RunSpec): Promise<Name> {
  const file = job.find(({ path }) => path.startsWith('main.'));
  if (file === undefined) throw new Error('there is no main in the job');
  const text =
    'file' in file.source ? await readFile(file.source.file, 'utf8') : Buffer.from(file.source.content).toString();
  const name = names.find((known) => text.includes(`# plays ${known}`));
  if (name === undefined) throw new Error(`nobody knows how to play ${text}`);
  return name;
}

/** The smallest picture there is. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const output = (data: Record<string, unknown>) => ({ output_type: 'display_data', metadata: {}, data });

export const hostileNotebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    {
      cell_type: 'markdown',
      metadata: {},
      source: '# Hello\n<script>alert(1)</script>![p](https://evil.example/p.png)[x](javascript:alert(2))',
    },
    {
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      source: '# plays notebook\n"</pre><script>alert(3)</script>"',
      outputs: [
        output({ 'text/html': '<script>alert(4)</script><img src=x onerror=alert(5)>', 'text/plain': 'a table' }),
        output({ 'application/javascript': 'alert(6)' }),
        output({ 'image/svg+xml': '<svg onload="alert(7)"></svg>' }),
        output({ 'image/png': png, 'text/plain': '<Figure size 640x480>' }),
        output({ 'image/png': '"><script>alert(8)</script>' }),
        { output_type: 'stream', name: 'stderr', text: ' 10%|#\r100%|##########|\n' },
      ],
    },
    {
      cell_type: 'code',
      execution_count: 2,
      metadata: {},
      source: 'modle.eval()',
      outputs: [
        {
          output_type: 'error',
          ename: 'NameError',
          evalue: "name 'modle' is not defined",
          traceback: ["\u001b[0;31mNameError\u001b[0m: name 'modle' is not defined<script>alert(9)</script>"],
        },
      ],
    },
  ],
};
