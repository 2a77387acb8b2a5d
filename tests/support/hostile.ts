import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunLimits } from '../../core/contract/runs.ts';
import { cleanLog } from '../../core/log-text.ts';
import { createScoringPool, type ScoringPool } from '../../core/scoring-pool/pool.ts';
import type { Executor, InputFile, Outcome, OutputFile, RunSpec, RunWatcher } from '../../worker/executor/executor.ts';
import { sentenceFor } from '../../worker/run/sentence.ts';
import type { HostileProgram, Observed } from '../golden/hostile/expectation.ts';

/** What came of a program: the outcome, and the verdict that its author would get. */
export interface Witness {
  readonly outcome: Outcome;
  readonly ranMs: number;
  /** As it is kept: cleaned. */
  readonly log: string;
  /** The contents of what was fetched. */
  readonly fetched: string;
  readonly verdict:
    | { readonly kind: 'scored'; readonly scores: string }
    | { readonly kind: 'rejected'; readonly sentence: string };
}

/** What lies around for a program to find, and must not be found: on this machine, in this process, and on its network. */
export interface Bait {
  readonly env: Readonly<Record<string, string>>;
  /** What a program that found something would print. */
  readonly canary: string;
  /** Where the answer key lies that it is scored with. */
  readonly keyFile: string;
  /** How often somebody connected to a port or a socket of this machine. */
  connections(): number;
  /** Whether the files on this machine are as they were. */
  unharmed(): Promise<boolean>;
  remove(): Promise<void>;
}

const key = 'id,label,Usage\na,0,Public\nb,1,Public\nc,2,Private\nd,3,Private\n';
const output = 'predictions.csv';
const maxShown = 1_000_000;

export async function layBait(): Promise<Bait> {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const socketName = `hostile-${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'hostile-labels-'));
  const keyFile = join(folder, 'answer-key.csv');
  const secretFile = join(folder, 'labels.csv');
  await writeFile(keyFile, key);
  await writeFile(secretFile, `id,label\n${canary},0\n`);
  process.env['TOPK_HOSTILE_SECRET'] = canary;
  let connections = 0;
  const listen = async (place: { port: number; host: string } | { path: string }): Promise<Server> => {
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(place, resolve));
    return server;
  };
  // An abstract socket belongs to a network namespace, not to a file system.
  const servers = [await listen({ port: 0, host: '0.0.0.0' }), await listen({ path: `\0${socketName}` })];
  const address = servers[0]?.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    env: { PROBE_PORT: String(port), PROBE_SOCKET: socketName },
    canary,
    keyFile,
    connections: () => connections,
    unharmed: async () =>
      (await readFile(keyFile, 'utf8')) === key && (await readFile(secretFile, 'utf8')).includes(canary),
    remove: async () => {
      delete process.env['TOPK_HOSTILE_SECRET'];
      for (const server of servers) server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function createScorer(): ScoringPool {
  return createScoringPool({ threads: 1, maxKeyBytes: 50_000_000 });
}

/** Small limits, so that reaching them takes no time and harms no machine; but time for what is to end by itself on a slow one, too. */
const smallLimits: RunSpec['limits'] = {
  wallSeconds: 300,
  cpus: 0.5,
  memoryMiB: 192,
  shmMiB: 16,
  tmpMiB: 16,
  outputMiB: 16,
  outputFiles: 500,
  logKiB: 64,
  processes: 128,
  gpus: 0,
};

export function hostileSpec(
  program: HostileProgram,
  expected: Observed,
  image: string,
  name: string,
  bait: Bait,
): RunSpec {
  const data = { hash: 'hostile-data', files: [text('train.csv', 'id,label\nx,0\ny,1\n')] };
  const hidden = { hash: 'hostile-hidden', files: [text('test.csv', 'hidden-features\n')] };
  return {
    image,
    limits: RunLimits.parse({ ...smallLimits, ...expected.limits }),
    gpus: [],
    inputs: { data, ...(expected.hidden && { hidden }) },
    name,
    labels: { 'topk.submission': name },
    job: program.files.map((url): InputFile => file(url)),
    command: [program.entry],
    env: { TOPK_SEED: '542', ...bait.env },
    outputs: [{ name: output, maxBytes: expected.outputBytes }],
  };
}

/** Runs it, and leaves its files be: for how it ended, and when. */
export async function runForItsEnd(
  executor: Executor,
  spec: RunSpec,
  watcher: RunWatcher = {},
  signal = AbortSignal.timeout(500_000),
): Promise<Outcome> {
  const scratch = await mkdtemp(join(tmpdir(), 'hostile-run-'));
  try {
    return await executor.run(spec, watcher, scratch, signal);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** From the start of its program to the end of all that it started. */
export function ranFor({ startedAt, exitedAt }: Outcome): number {
  return exitedAt.getTime() - startedAt.getTime();
}

/** Runs it as a worker does, up to the verdict. */
export async function witness(executor: Executor, spec: RunSpec, scorer: ScoringPool, bait: Bait): Promise<Witness> {
  const scratch = await mkdtemp(join(tmpdir(), 'hostile-run-'));
  try {
    const outcome = await executor.run(spec, {}, scratch, AbortSignal.timeout(500_000));
    const wanted = outcome.files.get(output);
    const log = cleanLog(outcome.log);
    const [{ maxBytes } = { maxBytes: 0 }] = spec.outputs;
    const sentence = sentenceFor({
      outcome,
      isNotebook: spec.command[0]?.endsWith('.ipynb') ?? false,
      limits: spec.limits,
      wanted: { name: output, file: wanted, maxBytes },
      log,
      mayTell: true,
    });
    return {
      outcome,
      ranMs: ranFor(outcome),
      log,
      fetched: wanted?.kind === 'file' ? (await readFile(wanted.file, 'latin1')).slice(0, maxShown) : '',
      verdict: sentence === undefined ? await score(scorer, wanted, bait, maxBytes) : { kind: 'rejected', sentence },
    };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function score(
  scorer: ScoringPool,
  wanted: OutputFile | undefined,
  { keyFile }: Bait,
  maxBytes: number,
): Promise<Witness['verdict']> {
  if (wanted?.kind !== 'file') throw new Error('a run without a file has a sentence');
  const source = { file: wanted.file, keyFile, keyHash: 'hostile', maxBytes };
  const verdict = await scorer.score({ ...source, metrics: ['top1'] }, AbortSignal.timeout(120_000));
  if (verdict.kind === 'rejected')
    return { kind: 'rejected', sentence: verdict.report.errors.map(({ message }) => message).join(' ') };
  const boards = [verdict.scores.public['top1'], verdict.scores.private['top1']];
  const sum = (what: 'hits' | 'rows') => boards.reduce((total, board) => total + (board?.[what] ?? 0), 0);
  return { kind: 'scored', scores: `${sum('hits')}/${sum('rows')}` };
}

/** "exited 137", "timed out", "output too large: files". */
export function endingOf({ ending }: Outcome): string {
  switch (ending.kind) {
    case 'exited':
      return `exited ${ending.code}`;
    case 'timed-out':
      return 'timed out';
    case 'out-of-memory':
      return 'out of memory';
    case 'output-too-large':
      return `output too large: ${ending.what}`;
    case 'cancelled':
      return 'cancelled';
  }
}

function text(path: string, content: string): InputFile {
  return { path, source: { content: Buffer.from(content) } };
}

function file(url: URL): InputFile {
  const path = fileURLToPath(url);
  return { path: url.pathname.slice(url.pathname.lastIndexOf('/') + 1), source: { content: readFileSync(path) } };
}
