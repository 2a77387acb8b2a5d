import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { forgetUnpacked, unpackDebian } from './debian.ts';

export type RedisProgram = { command: string; env: Record<string, string> };

/**
 * A Redis server that this machine can run: one on the PATH, else Debian's, unpacked into the cache.
 * @param say told once when something is about to be fetched
 * @throws one sentence that names the ways out
 */
export function findRedis(say: (line: string) => void): RedisProgram {
  for (const command of ['redis-server', 'valkey-server']) {
    if (runs({ command, env: {} })) return { command, env: {} };
  }
  try {
    return fromDebian(say);
  } catch (error) {
    throw new Error(
      'no Redis: put redis-server or valkey-server on the PATH, or set REDIS_URL to one that runs ' +
        `(${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}

function fromDebian(say: (line: string) => void): RedisProgram {
  // Twice: what was unpacked long ago may lack a library that the system has since lost.
  for (const lastTry of [false, true]) {
    const unpacked = unpackDebian(['redis-server'], say);
    const program = { command: join(unpacked.root, 'usr/bin/redis-server'), env: unpacked.env };
    if (runs(program)) return program;
    forgetUnpacked(unpacked);
    if (lastTry) break;
  }
  throw new Error("Debian's redis-server was fetched but does not run");
}

function runs({ command, env }: RedisProgram): boolean {
  return spawnSync(command, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0;
}
