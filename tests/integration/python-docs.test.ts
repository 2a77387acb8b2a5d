import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople } from '../../prisma/seed.ts';
import { digitsFile } from '../support/competitions.ts';
import { runPython, systemPython } from '../support/python.ts';
import { startSystem, type System } from '../support/system.ts';

const root = join(import.meta.dirname, '../..');
const shownUrl = 'http://127.0.0.1:3000';
const bash = { name: 'bash', program: 'bash', env: {} };

interface Step {
  readonly command: string;
  readonly output: string;
}

/** The commands of a page's tested blocks, in their order, with what each printed. */
function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(/<!-- tested -->\n```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = '', ...lines] = step.split('\n');
        return { command, output: lines.join('\n') };
      }),
  );
}

describe.skipIf(!systemPython())('docs/python.md, run as it stands there', () => {
  /** A new one each time, since what is told has numbers in it. */
  const withDemo = async (work: (system: System, token: string, folder: string) => Promise<void>) => {
    const system = await startSystem();
    const folder = await mkdtemp(join(tmpdir(), 'topk-docs-'));
    try {
      const demo = await seedPeople(system.db, undefined);
      await seedDigits(system.url, demo);
      const forest = await digitsFile('submissions/random_forest.csv');
      await writeFile(join(folder, 'random_forest.csv'), forest);
      await writeFile(join(folder, 'broken.csv'), forest.replace(/^digit_\d+/m, 'digit_9999').replace(/.*\n$/, ''));
      await writeFile(join(folder, 'token.txt'), `${demo.tokens.students[0]}\n`);
      // A bare machine has no curl: what it would fetch is put there.
      await copyFile(join(root, 'api/client/topk.py'), join(folder, 'topk.py'));
      await work(system, demo.tokens.students[0] ?? '', folder);
    } finally {
      await system.stop();
      await rm(folder, { recursive: true, force: true });
    }
  };

  /** Without what differs from day to day: times, pseudonyms, and the width of their column. */
  const settled = (text: string) =>
    text
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/^( *\d*) +\S.*? {2,}(?=\d\.\d{5})/gm, '$1 NAME ')
      .replaceAll(/ +/g, ' ')
      .replaceAll(/^ | $/gm, '');

  it(
    'prints what it says',
    async () =>
      await withDemo(async (system, token, folder) => {
        const shown = (text: string) => text.replaceAll(system.url, shownUrl).replaceAll(folder, '/home/ada');
        const steps = stepsOf(await readFile(join(root, 'docs/python.md'), 'utf8'));
        expect(steps.length).toBeGreaterThan(8);
        const told: string[] = [];
        for (const { command, output } of steps) {
          const [, file] = /^cat (\S+)$/.exec(command) ?? [];
          // What the page shows of a file is the file.
          if (file !== undefined) await writeFile(join(folder, file), output.replaceAll(shownUrl, system.url));
          const line = command.startsWith('curl ') ? 'true' : command.replaceAll(shownUrl, system.url);
          const { stdout, stderr } = await runPython(bash, ['-c', line], { cwd: folder });
          told.push(`$ ${command}\n${shown(stdout + stderr)}`);
        }
        const expected = steps.map(({ command, output }) => `$ ${command}\n${output}`);
        expect(told.map(settled)).toEqual(expected.map(settled));
        expect(told.join('')).not.toContain(token);
      }),
    600_000,
  );
});
