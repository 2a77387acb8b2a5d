import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildForServers } from './build.ts';

const root = dirname(import.meta.dirname);

type Check = { name: string; file: string; args: string[] };

/** `npm run check`: format, types, lint with the import rule, dead code. All run, so that one look shows all that is wrong. */
export async function check(): Promise<boolean> {
  await buildForServers(console.log);
  const results: boolean[] = [];
  // One after the other: each uses all cores by itself.
  for (const one of checks()) results.push(await passes(one));
  return results.every(Boolean);
}

function checks(): Check[] {
  const types = ['tsconfig.json', 'web/tsconfig.json'].filter((path) => existsSync(join(root, path)));
  return [
    { name: 'format', file: 'oxfmt', args: ['--check'] },
    ...types.map((path) => ({ name: `types (${path})`, file: 'tsc', args: ['--noEmit', '--project', path] })),
    { name: 'lint', file: 'oxlint', args: ['--deny-warnings'] },
    { name: 'dead code', file: 'knip', args: [] },
  ];
}

function passes({ name, file, args }: Check): Promise<boolean> {
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', file), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      if (code !== 0) console.log(Buffer.concat(output).toString());
      resolve(code === 0);
    });
  });
}

if (import.meta.main) process.exit((await check()) ? 0 : 1);
