import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const counts = z.object({ rows: z.array(z.number()), top1: z.array(z.number()), top5: z.array(z.number()) });
const answer = z.object({
  results: z.array(
    z.object({
      file: z.string(),
      times: z.array(z.number()),
      counts: z.union([counts, z.object({ zeros: z.number() })]),
    }),
  ),
  peakMb: z.number(),
});
export type PeerAnswer = z.infer<typeof answer>;

export interface PeerTask {
  readonly key: string;
  readonly k: number;
  readonly classes: number;
  readonly files: readonly string[];
  readonly repeats: number;
}

/** A contender runs in a process of its own, so that peak memory and thread pools are its own too. */
export interface Peer {
  readonly name: string;
  run(task: PeerTask): Promise<PeerAnswer>;
}

export interface Peers {
  readonly csv: readonly Peer[];
  readonly arrays: readonly Peer[];
  /** Why a peer is not there. */
  readonly missing: readonly string[];
}

const here = fileURLToPath(new URL('./', import.meta.url));
const peersFolder = join(here, 'peers');

export const topk: Peer = nodePeer('topk');
export const bytes: Peer = nodePeer('bytes');

/** Installs what the comparison needs and this machine can have: packages here, Debian's as root, a C compiler only if there is one. */
export async function openPeers(folder: string): Promise<Peers> {
  const csv: Peer[] = [];
  const arrays: Peer[] = [];
  const missing: string[] = [];
  const attempt = async (what: string, install: () => Promise<void>) => {
    try {
      await install();
    } catch (error) {
      missing.push(
        `${what} is not compared: ${error instanceof Error ? error.message.split('\n').at(-1) : String(error)}`,
      );
    }
  };
  await attempt('DuckDB and Polars', async () => {
    if (!existsSync(join(here, 'node_modules', '@duckdb', 'node-api')))
      await call('npm', ['ci', '--no-audit', '--no-fund', '--prefix', here], 300_000);
    csv.push(nodePeer('duckdb'), nodePeer('polars'));
  });
  await attempt('pandas', async () => {
    await installPython('pandas');
    csv.push({
      name: 'pandas',
      run: (task) => runPeer('/usr/bin/python3', [join(peersFolder, 'pandas_peer.py'), JSON.stringify(task)]),
    });
  });
  for (const name of ['numpy', 'torch']) {
    await attempt(name, async () => {
      await installPython(name);
      arrays.push({
        name,
        run: (task) => runPeer('/usr/bin/python3', [join(peersFolder, 'arrays_peer.py'), name, JSON.stringify(task)]),
      });
    });
  }
  await attempt('C', async () => {
    const program = join(folder, 'scan');
    await call('cc', ['-O3', '-march=native', '-o', program, join(peersFolder, 'scan.c')], 60_000);
    csv.push(compiledPeer(program, 'csv'));
    arrays.push(compiledPeer(program, 'npy'));
  });
  return { csv, arrays, missing };
}

function nodePeer(name: string): Peer {
  return { name, run: (task) => runPeer(process.execPath, [join(peersFolder, `${name}.mjs`), JSON.stringify(task)]) };
}

function compiledPeer(program: string, form: string): Peer {
  const numbers = ({ k, classes, repeats }: PeerTask) => [k, classes, repeats].map(String);
  return { name: 'C', run: (task) => runPeer(program, [form, task.key, ...numbers(task), ...task.files]) };
}

async function installPython(module: string): Promise<void> {
  const isThere = () => call('/usr/bin/python3', ['-c', `import ${module}`], 60_000);
  if (
    await isThere().then(
      () => true,
      () => false,
    )
  )
    return;
  if (process.getuid?.() !== 0) throw new Error(`python3-${module} is not installed, and only root can install it`);
  await call('apt-get', ['install', '-y', '--no-install-recommends', `python3-${module}`], 400_000);
  await isThere();
}

async function runPeer(program: string, args: readonly string[]): Promise<PeerAnswer> {
  return answer.parse(JSON.parse(await call(program, args, 300_000)));
}

/** What the program wrote to standard output; rejects with the end of its complaints. */
function call(program: string, args: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2_000)));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${signal ?? code}: ${complaints.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}
