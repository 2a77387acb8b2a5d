import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebian } from '../../dev/debian.ts';

interface KagglePython {
  readonly name: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

const system = '/usr/bin/python3';

/** The machine's Python with Debian’s requests, as the kaggle command has it, and without; none on a machine without Python. */
export function kagglePythons(): KagglePython[] {
  const program = existsSync(system) ? system : 'python3';
  if (spawnSync(program, ['--version']).status !== 0) {
    console.log('skipped: the kaggle client, since this machine has no Python 3');
    return [];
  }
  const found = [{ name: 'http.client', program, env: { TOPK_WITHOUT_REQUESTS: '1' } }];
  const withRequests = debianRequests(program);
  return withRequests === undefined ? found : [{ name: 'requests', program, env: withRequests }, ...found];
}

function debianRequests(program: string): Record<string, string> | undefined {
  const works = (env: Record<string, string>) =>
    spawnSync(program, ['-c', 'import requests'], { env: { ...process.env, ...env } }).status === 0;
  if (works({})) return {};
  try {
    const { root, env } = unpackDebian(['python3-requests'], (line) => console.log(line));
    const unpacked = { ...env, PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') };
    if (works(unpacked)) return unpacked;
    console.log(`skipped: the kaggle client with requests, since Debian’s does not run with ${program}`);
  } catch (error) {
    console.log(`skipped: the kaggle client with requests. ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}
