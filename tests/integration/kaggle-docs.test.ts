import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import { kagglePythons } from '../support/kaggle-python.ts';
import { startSystem, type System } from '../support/system.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const submissions = join(root, 'examples/digits/submissions');
const pythons = kagglePythons();

/** What differs from one run to the next, and how wide a column is for it. */
function likeEveryRun(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?/g, 'TIME')
    .replaceAll(/\d{9,}/g, 'TEAM')
    .replaceAll(/submission \d+/g, 'submission N')
    .replaceAll(/such as [^.]+\./g, 'such as SOME.')
    .replaceAll(/^\d+(?=\s+TIME)/gm, 'N')
    .replaceAll(/[A-Z][a-z]+ [A-Z][a-z]+(?=\s+None)/g, 'NAME')
    .replaceAll(/^N?(\s*-{2,})+$/gm, '---')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
}

describe.skipIf(pythons.length === 0)('docs/kaggle.md, replayed with an independent client', () => {
  let system: System;
  let demo: DemoAccess;
  let home: string;
  beforeAll(async () => {
    system = await startSystem();
    demo = await seedPeople(system.db, undefined);
    await seedDigits(system.url, demo);
    home = await mkdtemp(join(tmpdir(), 'topk-kaggle-'));
  });
  afterAll(async () => {
    await system.stop();
    await rm(home, { recursive: true, force: true });
  });

  async function example(name: string): Promise<{ command: string; printed: string }[]> {
    const page = await readFile(join(root, 'docs/kaggle.md'), 'utf8');
    const block = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`console\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
    return block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...printed] = text.split('\n');
        return { command, printed: printed.join('\n') };
      });
  }

  /** A folder with the examples' files, and a `kaggle` on the path. */
  async function terminal(python: (typeof pythons)[number]) {
    const folder = await mkdtemp(join(home, 'of-'));
    await cp(submissions, folder, { recursive: true });
    await mkdir(join(folder, 'bin'));
    const client = join(root, 'tests/support/kaggle_client.py');
    await writeFile(join(folder, 'bin/kaggle'), `#!/bin/sh\nexec '${python.program}' '${client}' "$@"\n`);
    await chmod(join(folder, 'bin/kaggle'), 0o755);
    const env = {
      ...python.env,
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      KAGGLE_API_ENVIRONMENT: 'LOCALHOST',
      http_proxy: system.url,
      no_proxy: '',
    };
    return async (command: string, more: Record<string, string> = {}) => {
      const ended = run('bash', ['-c', command], { cwd: folder, env: { ...env, ...more } });
      const { stdout } = await ended.catch((error: unknown) => ({ stdout: String(Object(error).stdout) }));
      return stdout;
    };
  }
  const keyOf = (student: number) => ({ KAGGLE_API_TOKEN: demo.tokens.students[student] ?? '' });

  async function replay(name: string, type: (command: string) => Promise<string>): Promise<void> {
    const steps = await example(name);
    expect(steps.length).toBeGreaterThan(1);
    for (const { command, printed } of steps) {
      const got = await type(command);
      if (process.env['TOPK_SHOW_DOCS']) console.log(`$ ${command}\n${got.trimEnd()}`);
      else expect(likeEveryRun(got), command).toBe(likeEveryRun(printed));
      await settled();
    }
  }

  /** So that the next command shows a score. */
  async function settled(): Promise<void> {
    const { pool } = system.db;
    for (const until = performance.now() + 120_000; performance.now() < until;) {
      const { rows } = await pool.query("select 1 from submission where state in ('queued', 'running')");
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('does and prints what the page shows', async () => {
    const [python] = pythons;
    if (!python) throw new Error('there is no Python');
    const type = await terminal(python);
    await replay('kaggle', async (command) => await type(command, keyOf(0)));
    await replay('kaggle-refusals', async (command) => await type(command, keyOf(0)));
  });

  it.each(pythons.map((python) => [python.name, python] as const))(
    '%s: every command, and every way in',
    async (_name, python) => {
      const type = await terminal(python);
      const key = JSON.stringify({ username: 'ben@demo.example', key: demo.tokens.students[1] });
      await type(`mkdir -p .kaggle && echo '${key}' > .kaggle/kaggle.json`);
      expect(await type('kaggle competitions files digits')).toContain('sample_submission.csv');
      expect(await type('kaggle hub whoami')).toBe('{"username": "ben@demo.example"}\n');
      expect(await type('kaggle hub whoami', { KAGGLE_API_TOKEN: 'topk_nonsense' })).toMatch(/not valid/);
      const legacy = { KAGGLE_USERNAME: 'ben@demo.example', KAGGLE_KEY: demo.tokens.students[1] ?? '' };
      expect(await type('kaggle competitions list -s hand', legacy)).toContain('/competitions/digits');

      const train = await readFile(join(root, 'examples/digits/train.csv'), 'utf8');
      await type('kaggle competitions download digits -f train.csv');
      expect(await type('cat train.csv')).toBe(train);
      expect(await type('kaggle competitions download digits -f train.csv')).toMatch(/Skipping, found more recently/);
      await type(
        'head -c 1000 train.csv > cut && mv cut train.csv && kaggle competitions download digits -f train.csv',
      );
      expect(await type('cat train.csv')).toBe(train);
      expect(await type('cat "$(kaggle hub download digits)/train.csv"')).toBe(train);

      expect(await type('kaggle competitions submit digits -f random_forest.csv -m again')).toMatch(/^Successfully/);
      await settled();
      expect(await type('kaggle competitions submissions digits')).toMatch(/again +SubmissionStatus\.COMPLETE +0\.96/);
      expect(await type(': > empty.csv; kaggle competitions submit digits -f empty.csv -m none')).toMatch(/empty/);
      await type('kaggle competitions leaderboard digits --download');
      const board = await type(
        `'${python.program}' -c "import zipfile; z = zipfile.ZipFile('digits.zip'); print(z.read(z.namelist()[0]).decode())"`,
      );
      expect(board).toMatch(/^Rank,TeamId,TeamName,Score\r?\n1,/);
      const team = /^(\d{9,})/m.exec(await type('kaggle competitions leaderboard digits --show'))?.[1] ?? '';
      expect(await type(`kaggle competitions team-submissions ${team}`)).toMatch(/publicScore\n.*\n.*0\.96/);
      expect(await type('kaggle competitions pages digits --page-name rules')).toContain(
        '20 submissions of a team per day',
      );
    },
  );
});
