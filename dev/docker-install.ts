import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const remedy = 'install and start Docker, or set DOCKER_HOST to a daemon';

/**
 * Installs Debian's Docker and gVisor, where `dockerd` is not there.
 * @throws a sentence with the remedy, where this is not root's or not Debian's machine or the packages can't be had
 */
export async function installDocker(say: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux') throw new Error(`no Docker daemon answers: ${remedy}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) throw new Error(`no Docker daemon answers, and only root can start one of our own: ${remedy}`);
  if (onPath('dockerd')) {
    if (!onPath('runsc')) addGvisor(say);
    return;
  }
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`no Docker daemon answers, and one can be installed by itself only on Debian: ${remedy}`);
  }
  say('installing docker.io, runsc and debootstrap from Debian');
  installPackages(['docker.io', 'iptables', 'debootstrap', 'runsc'], ['runsc']);
  if (!onPath('dockerd')) throw new Error(`Debian's docker.io was installed but has no dockerd: ${remedy}`);
}

/** The second runtime, beside a Docker that is there already. Not needed to run code, so its absence is no failure. */
function addGvisor(say: (line: string) => void): void {
  try {
    if (!existsSync('/usr/bin/apt-get')) throw new Error('this is not Debian');
    say('installing runsc from Debian');
    installPackages(['runsc']);
  } catch (error) {
    say(`left out gVisor: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * As root, by apt. A new machine has no lists of packages, so they are fetched first.
 * @param dispensable left out where the release does not have them
 * @throws a sentence with apt's complaint
 */
export function installPackages(packages: string[], dispensable: string[] = []): void {
  const update = apt(['update']);
  const needed = packages.filter((name) => !dispensable.includes(name));
  let install = apt(['install', '--no-install-recommends', ...packages]);
  if (install.status !== 0 && needed.length < packages.length) {
    install = apt(['install', '--no-install-recommends', ...needed]);
  }
  if (install.status === 0) return;
  const why = complaint(install.output) ?? complaint(update.output) ?? 'no reason given';
  throw new Error(`apt could not install ${needed.join(', ')} (${why}): ${remedy}`);
}

export function onPath(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
}

function apt(args: string[]): { status: number | null; output: string } {
  const options = [
    '-q',
    '-y',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=2',
    '-o',
    'Acquire::http::Timeout=30',
  ];
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', [...options, ...args], {
    env,
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 1 << 26,
  });
  return { status, output: `${stdout}\n${stderr}` };
}

function complaint(output: string): string | undefined {
  return output.split('\n').findLast((line) => /^(E|W|Err)[:\d]/.test(line));
}
