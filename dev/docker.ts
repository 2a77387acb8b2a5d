import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir } from './debian.ts';
import { openDockerApi } from './docker-api.ts';
import { answers, daemonPaths, findDaemon, parseLiving, startMs } from './docker-daemon.ts';
import { installDocker } from './docker-install.ts';
import { failurePath, hasUsers, keeperPath, lockPath, registerUser } from './docker-users.ts';
import { withLock } from './lock.ts';
import { birthOf } from './processes.ts';

/** A daemon to use, or one sentence that says why there is none and what would help. */
export type Docker =
  | {
      /** As in DOCKER_HOST: unix:///…, tcp://… */
      host: string;
      /** Gives it back. A daemon of our own ends with its last user; resolves once it is gone. Harmless twice. */
      stop(): Promise<void>;
    }
  | { unavailable: string };

const systemSocket = '/var/run/docker.sock';

/**
 * A Docker daemon: the one at DOCKER_HOST or the system's, where it answers; else, for root on Debian, a private one,
 * with Debian's packages installed where they are missing.
 * @param say told about what takes long
 */
export async function ensureDocker(say: (line: string) => void): Promise<Docker> {
  const given = await findGivenDocker();
  if (given !== undefined) return given;
  try {
    await installDocker(say);
    // Where the machine has a service manager, installing has started the system's daemon.
    return (await findGivenDocker()) ?? (await startPrivate(privateDir(), say));
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

/** The same without installing anything: `undefined` where `ensureDocker` was never needed or never called. */
export async function findDocker(say: (line: string) => void): Promise<Docker | undefined> {
  const given = await findGivenDocker();
  if (given !== undefined) return given;
  if (!existsSync(daemonPaths(privateDir()).data)) return undefined;
  try {
    return await startPrivate(privateDir(), say);
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

/** Where a daemon of our own would be reached. */
export function privateHost(): string {
  return `unix://${daemonPaths(privateDir()).socket}`;
}

function privateDir(): string {
  return join(cacheDir(), 'docker');
}

async function findGivenDocker(): Promise<Docker | undefined> {
  const given = process.env['DOCKER_HOST'];
  const host = given || `unix://${systemSocket}`;
  if (!given && !existsSync(systemSocket)) return undefined;
  try {
    openDockerApi(host);
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
  const daemon = await findDaemon(host);
  if (daemon?.OSType === 'linux') return { host, stop: async () => {} };
  // Whoever names one wants that one and no other.
  if (given) {
    const how = daemon === undefined ? 'does not answer' : `runs ${daemon.OSType} containers`;
    return { unavailable: `the Docker daemon at DOCKER_HOST (${given}) ${how}: start it, or unset DOCKER_HOST` };
  }
  return undefined;
}

/**
 * Users of one private daemon share it: each is written down, and a keeper, a process of its own, runs the daemon for
 * as long as one of them lives, so that it ends also where the last one was killed.
 */
async function startPrivate(dir: string, say: (line: string) => void): Promise<Docker> {
  const paths = daemonPaths(dir);
  const host = `unix://${paths.socket}`;
  // https://man7.org/linux/man-pages/man7/unix.7.html; containerd's socket has the longest name of all.
  if (join(paths.exec, 'containerd/containerd.sock.ttrpc').length > 107) {
    throw new Error(`the path ${dir} is too long for a socket: set TOPK_CACHE_DIR to a shorter one`);
  }
  await mkdir(dir, { recursive: true, mode: 0o711 });
  const leave = await withLock(lockPath(dir), async () => {
    const unregister = await registerUser(dir);
    if ((await findKeeper(dir)) === undefined) {
      say('starting a Docker daemon of our own');
      await startKeeper(dir);
    }
    return unregister;
  });
  const stop = async () => {
    await leave();
    await untilKeeperLeaves(dir);
  };
  const giveUpAt = Date.now() + startMs + 30_000;
  while (!(await answers(host))) {
    const failure = await readFile(failurePath(dir), 'utf8').catch(() => undefined);
    if (failure !== undefined || Date.now() > giveUpAt) {
      await stop();
      throw new Error(
        `a Docker daemon of our own could not be started (${failure ?? 'it does not answer'}; its log is ${paths.log}): ` +
          'install and start Docker, or set DOCKER_HOST',
      );
    }
    await sleep(50);
  }
  return { host, stop };
}

async function findKeeper(dir: string) {
  return await parseLiving(await readFile(keeperPath(dir), 'utf8').catch(() => ''));
}

/** Written down by us and not by itself, so that whoever has the lock next finds it. */
async function startKeeper(dir: string): Promise<void> {
  await rm(failurePath(dir), { force: true });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'docker-keeper.ts'), dir], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  const { pid } = child;
  const birth = pid === undefined ? undefined : await birthOf(pid);
  if (birth === undefined) throw new Error('the keeper of the Docker daemon could not be started');
  await writeFile(keeperPath(dir), JSON.stringify({ pid, birth }));
}

async function untilKeeperLeaves(dir: string): Promise<void> {
  const giveUpAt = Date.now() + 45_000;
  while ((await findKeeper(dir)) !== undefined && !(await hasUsers(dir)) && Date.now() < giveUpAt) await sleep(50);
}
