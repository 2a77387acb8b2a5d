import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startPostgres } from '../../dev/postgres.ts';
import { endChild, exitOf, politely } from '../../dev/processes.ts';
import { startRedis } from '../../dev/redis.ts';
import { createLog } from '../../core/log.ts';
import { openDatabase, type Database } from '../../core/db/open.ts';
import { migrate } from '../../prisma/migrate.ts';

const root = join(import.meta.dirname, '../..');

/** A whole Topk as it runs in production: Postgres that waits for the disk, Redis, one api and perhaps one worker, each a process. */
export interface Stack {
  readonly url: string;
  readonly db: Database;
  readonly redisUrl: string;
  /** Who runs, by name. */
  readonly pids: Readonly<Record<string, number>>;
  /** On the same disk as the data. */
  readonly dir: string;
  /**
   * Starts a worker beside those that run, which `stop` also ends.
   * @param env beside where Postgres, Redis and the data are
   */
  startWorker(env: Readonly<Record<string, string>>, script?: string): Promise<NodeProcess>;
  stop(): Promise<void>;
}

/** @param worker one that only scores */
export async function startStack({ worker }: { worker: boolean }): Promise<Stack> {
  const dir = await mkdtemp(join(tmpdir(), 'topk-bench-'));
  const stops: (() => Promise<unknown>)[] = [async () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const undo of stops.splice(0).toReversed()) await undo();
  };
  const pids: Record<string, number> = {};
  const killAll = () => {
    for (const pid of Object.values(pids)) ignoreGone(() => process.kill(pid, 'SIGKILL'));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  // An interrupted run leaves nothing behind either.
  process.once('exit', killAll);
  stops.push(async () => process.off('exit', killAll));
  try {
    mkdirSync(join(dir, 'redis'));
    const postgres = await startPostgres({ dir: join(dir, 'postgres') });
    pids['postgres'] = postgres.pid;
    stops.push(() => postgres.stop());
    const redis = await startRedis({ dir: join(dir, 'redis') });
    pids['redis'] = redis.pid;
    stops.push(() => redis.stop());
    await migrate(postgres.url);
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      TOPK_DATA_DIR: join(dir, 'data'),
      PORT: '0',
    };
    const api = await startNode('api/main.ts', env);
    pids['api'] = api.pid;
    stops.push(api.stop);
    const startWorker: Stack['startWorker'] = async (more, script = 'worker/main.ts') => {
      const grading = await startNode(script, { ...env, ...more });
      pids['worker'] = grading.pid;
      stops.push(grading.stop);
      return grading;
    };
    if (worker) await startWorker({ SANDBOX: 'off' });
    const db = openDatabase({
      url: postgres.url,
      maxConnections: 4,
      log: createLog({ name: 'bench', level: 'silent' }),
    });
    stops.push(() => db.close());
    return { url: api.url, db, redisUrl: redis.url, pids, dir, startWorker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const LogLine = z.object({ level: z.number(), msg: z.string().optional(), url: z.string().optional() });
type LogLine = z.infer<typeof LogLine>;

export interface NodeProcess {
  /** Where it said that it listens; empty where it does not. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Runs a script of this repository with the Node that runs this, and resolves once it listens or grades. With `BENCH_PROFILES` each leaves a CPU profile
 * in that folder.
 */
export async function startNode(script: string, env: Readonly<Record<string, string>> = {}): Promise<NodeProcess> {
  const profiles = process.env['BENCH_PROFILES'];
  const flags = profiles
    ? [
        '--cpu-prof',
        `--cpu-prof-dir=${profiles}`,
        `--cpu-prof-name=${script.replaceAll('/', '-')}-${Date.now()}.cpuprofile`,
      ]
    : [];
  const child = spawn(process.execPath, [...flags, join(root, script)], {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = exitOf(child);
  const first = await Promise.race([
    untilReady(child),
    exited.then((how) => Promise.reject(new Error(`${script} ${how}`))),
  ]);
  return { url: first.url ?? '', pid: child.pid ?? 0, stop: () => endChild(child, exited, politely) };
}

/** Shows what a server complains of beside its numbers, and nothing else. */
function untilReady({ stdout }: ChildProcess): Promise<LogLine> {
  return new Promise((resolve, reject) => {
    if (stdout === null) throw new Error('a child without stdout');
    createInterface({ input: stdout }).on('line', (text) => {
      const line = parseLine(text);
      if (line === undefined) return reject(new Error(`not a log line: ${text}`));
      if (line.level >= 40) process.stderr.write(`${text}\n`);
      if (line.msg === 'listening' || line.msg === 'grading') resolve(line);
    });
  });
}

function parseLine(text: string): LogLine | undefined {
  try {
    return LogLine.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function ignoreGone(act: () => void): void {
  try {
    act();
  } catch {
    // It is gone already.
  }
}
