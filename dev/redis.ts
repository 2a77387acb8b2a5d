import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.ts';
import { endChild, exitOf, politely, type Server } from './processes.ts';
import { findRedis, type RedisProgram } from './redis-program.ts';

export type RedisOptions = {
  /** Its append-only file; kept after a stop. */
  dir: string;
  /** A free one when not given. */
  port?: number;
  password?: string;
  /** Where it logs, appended; inside `dir` when not given. */
  logPath?: string;
  /** Found, or fetched, when not given. */
  program?: RedisProgram;
};

/** The address of a Redis that `startRedis` started. */
export function ownRedisUrl(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

/** Starts a Redis of our own as BullMQ needs it (append-only, never evicting) and resolves once it answers. */
export async function startRedis(options: RedisOptions): Promise<Server> {
  const { dir, password = 'topk' } = options;
  const program = options.program ?? findRedis(() => {});
  const logPath = options.logPath ?? join(dir, 'server.log');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const attempts = options.port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const server = launch({ dir, port, password, program, logPath });
    const problem = await waitUntilReady(server, password);
    if (problem === undefined) return server;
    await server.kill();
    if (attempt === attempts) throw new Error(`Redis did not start: ${problem}\n${lastLines(logPath)}`);
  }
}

type Launch = { dir: string; port: number; password: string; program: RedisProgram; logPath: string };

function launch({ dir, port, password, program, logPath }: Launch): Server {
  const configPath = join(dir, 'redis.conf');
  // In a file, since anybody on the machine can read a command line.
  writeFileSync(configPath, configuration(dir, port, password), { mode: 0o600 });
  const log = openSync(logPath, 'a', 0o600);
  // Its own process group: a Ctrl-C in the terminal reaches us alone, and we stop it in our order.
  const child = spawn(program.command, [configPath], {
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...program.env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = exitOf(child);
  return {
    url: ownRedisUrl(port, password),
    port,
    pid: child.pid ?? 0,
    exited,
    stop: () => endChild(child, exited, politely),
    kill: () => endChild(child, exited, [{ signal: 'SIGKILL', waitMs: 5000 }]),
  };
}

function configuration(dir: string, port: number, password: string): string {
  return `bind 127.0.0.1
port ${port}
requirepass ${password}
dir "${dir}"
databases 1024
# BullMQ keeps jobs here: an evicted key is a lost job.
maxmemory-policy noeviction
# A crash may lose the last second; the sweeper rings again from Postgres, which is the truth.
appendonly yes
appendfsync everysec
save ""
daemonize no
`;
}

/** Undefined once it answers; else what went wrong. */
async function waitUntilReady(server: Server, password: string): Promise<string | undefined> {
  let ended: string | undefined;
  void server.exited.then((how) => (ended = how));
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const answer = await ping(server.port, password);
    // One who answers after ours ended is a stranger on our port.
    if (ended !== undefined) return `it ${ended}`;
    if (answer.includes('+PONG')) return undefined;
    if (Date.now() > giveUpAt) return `it did not answer within 30 s: ${answer.trim()}`;
    await sleep(20);
  }
}

/** By hand, since a client library would queue and retry where this must simply tell. */
function ping(port: number, password: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    socket.setEncoding('utf8').setTimeout(2000, () => socket.destroy());
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', (error) => (answer += error.message));
    socket.on('close', () => resolve(answer));
  });
}

function lastLines(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
}
