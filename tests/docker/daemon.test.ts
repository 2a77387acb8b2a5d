import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { answers, daemonPaths, Living } from '../../dev/docker-daemon.ts';
import { onPath } from '../../dev/docker-install.ts';
import { until } from '../support/poll.ts';

const root = join(import.meta.dirname, '../..');
/** Where a daemon of our own can be started: as root, where dockerd is there and named by nobody else's variable. */
const canRun = process.getuid?.() === 0 && onPath('dockerd') && !existsSync('/var/run/docker.sock');

/** For what takes a second where the machine has nothing else to do. */
const waitMs = 150_000;

type User = { child: ChildProcess; host: string; leave(): Promise<void>; kill(): Promise<void> };

describe.skipIf(!canRun)('a private daemon beside whatever else runs', { timeout: 4 * waitMs }, () => {
  let cache = '';
  let dir = '';
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'topk-docker-test-'));
    dir = join(cache, 'docker');
  });
  afterAll(() => rm(cache, { recursive: true, force: true, maxRetries: 20 }));

  const users: User[] = [];
  // Whatever a test came to: the next one finds no user of it, and no daemon.
  afterEach(async () => {
    for (const user of users.splice(0)) await user.kill();
    await untilAllIsGone();
  });

  /** A process that uses it until its stdin ends. */
  async function startUser(): Promise<User> {
    onTestFailed(async () => {
      for (const name of ['failure', 'dockerd.log']) {
        const text = await readFile(join(dir, name), 'utf8').catch(() => 'not there');
        process.stderr.write(`${name}: ${text.slice(-4000)}\n`);
      }
    });
    const script = `
      import { ensureDocker } from ${JSON.stringify(join(root, 'dev/docker.ts'))};
      const docker = await ensureDocker(() => {});
      console.log(docker.host ?? docker.unavailable);
      process.stdin.resume().on('end', () => docker.stop());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TOPK_CACHE_DIR: cache, DOCKER_HOST: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const host = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    const user = {
      child,
      host,
      leave: () => (child.stdin.end(), gone),
      kill: () => (child.kill('SIGKILL'), gone),
    };
    users.push(user);
    return user;
  }

  async function pidIn(path: string): Promise<number> {
    return Living.parse(JSON.parse(await readFile(path, 'utf8'))).pid;
  }

  async function processesNaming(path: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of await readdir('/proc')) {
      const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      if (words.includes(path)) found.push(words.replaceAll('\0', ' '));
    }
    return found;
  }

  /** The keeper is the last to go, a moment after it has let its users go. */
  async function untilAllIsGone(): Promise<void> {
    await until('the end of keeper and daemon', waitMs, async () => (await processesNaming(dir)).length === 0);
  }

  async function expectNothingLeft(): Promise<void> {
    await untilAllIsGone();
    expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(`${dir}/`);
    expect((await readdir(dir)).filter((name) => !['data', 'dockerd.log', 'users'].includes(name))).toEqual([]);
  }

  it('is one for all users, ends with the last one, and leaves its images alone', async () => {
    const first = await startUser();
    const second = await startUser();
    expect(first.host).toBe(`unix://${daemonPaths(dir).socket}`);
    expect(second.host).toBe(first.host);
    await first.leave();
    expect(await answers(second.host)).toBe(true);
    await second.leave();
    await expectNothingLeft();
  });

  it('ends where its last user was killed', async () => {
    const user = await startUser();
    await user.kill();
    await expectNothingLeft();
  });

  it('comes back where it was killed while in use', async () => {
    const user = await startUser();
    const pid = await pidIn(daemonPaths(dir).record);
    process.kill(pid, 'SIGKILL');
    await until('another daemon', waitMs, async () => (await pidIn(daemonPaths(dir).record)) !== pid);
    await until('its answer', waitMs, () => answers(user.host));
    await user.leave();
    await expectNothingLeft();
  });

  it('is started again by the next user where it and its keeper were killed', async () => {
    const user = await startUser();
    for (const path of [join(dir, 'keeper.json'), daemonPaths(dir).record]) {
      process.kill(await pidIn(path), 'SIGKILL');
    }
    await user.kill();
    const next = await startUser();
    expect(await answers(next.host)).toBe(true);
    await next.leave();
    await expectNothingLeft();
  });
});
