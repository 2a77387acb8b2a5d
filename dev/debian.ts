import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An unpacked Debian package with all that it needs and the machine lacks. */
export type Unpacked = {
  /** The folder that stands for `/`. */
  root: string;
  /** What a program in it needs in its environment to find its libraries. */
  env: { LD_LIBRARY_PATH: string };
};

/** Where things fetched once are kept between runs and clones: `TOPK_CACHE_DIR`, else `~/.cache/topk`. */
export function cacheDir(): string {
  return process.env['TOPK_CACHE_DIR'] || join(homedir(), '.cache', 'topk');
}

/**
 * Fetches Debian packages and unpacks them into the cache: nothing is installed, no root is needed, no service starts.
 * apt works out which dependencies the machine lacks; its lists are fetched into a private folder, for a new machine
 * has none and only root may fill them. Done once per release of the system and set of packages.
 * @param say told when something is fetched
 * @throws a sentence when this is no Debian or the packages can't be had
 */
export function unpackDebian(packages: string[], say: (line: string) => void): Unpacked {
  const root = join(cacheDir(), `${packages.join('+')}-${systemRelease()}-${process.arch}`);
  if (!existsSync(root)) {
    say(`fetching ${packages.join(', ')} from Debian into ${cacheDir()}`);
    fetchInto(root, packages);
  }
  return { root, env: { LD_LIBRARY_PATH: libraryFolders(root).join(':') } };
}

/** Forgets what `unpackDebian` kept, for when it turns out not to run. */
export function forgetUnpacked({ root }: Unpacked): void {
  rmSync(root, { recursive: true, force: true });
}

function systemRelease(): string {
  const path = '/etc/os-release';
  if (!existsSync(path) || !existsSync('/usr/bin/apt-get')) throw new Error('this is no Debian (there is no apt-get)');
  const fields = new Map(
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => {
        const [name = '', value = ''] = line.split('=', 2);
        return [name, value.replaceAll('"', '')] as const;
      }),
  );
  return `${fields.get('ID') ?? 'linux'}${fields.get('VERSION_ID') ?? ''}`;
}

function fetchInto(root: string, packages: string[]): void {
  mkdirSync(cacheDir(), { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(cacheDir(), 'fetch-'));
  try {
    for (const folder of ['lists/partial', 'archives/partial', 'root'])
      mkdirSync(join(work, folder), { recursive: true });
    const options = [
      `Dir::State::Lists=${join(work, 'lists')}`,
      `Dir::State::extended_states=${join(work, 'extended_states')}`,
      `Dir::Cache=${work}`,
      `Dir::Cache::archives=${join(work, 'archives')}`,
      `Dir::Log=${work}`,
      // The locks live in folders of root's; ours are private, so none is needed.
      'Debug::NoLocking=1',
      // apt as root would fetch as the user _apt, who can't write here.
      'APT::Sandbox::User=',
      'APT::Update::Post-Invoke-Success::=true',
      'Acquire::Languages=none',
      'Acquire::Retries=2',
      'Acquire::http::Timeout=30',
      'Acquire::https::Timeout=30',
    ].flatMap((option) => ['-o', option]);
    // One source of many that doesn't answer fails the update; whether the packages can be had decides.
    const update = runApt([...options, '-q', 'update']);
    const install = runApt([
      ...options,
      '-q',
      '-y',
      '--no-install-recommends',
      '--download-only',
      'install',
      ...packages,
    ]);
    const archives = readdirSync(join(work, 'archives')).filter((name) => name.endsWith('.deb'));
    if (install.status !== 0 || archives.length === 0) {
      throw new Error(
        `apt could not fetch ${packages.join(', ')}: ${complaint(install.output) ?? complaint(update.output) ?? 'no reason given'}`,
      );
    }
    for (const archive of archives) unpack(join(work, 'archives', archive), join(work, 'root'));
    renameSync(join(work, 'root'), root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function runApt(args: string[]): { status: number | null; output: string } {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    env,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 26,
  });
  return { status, output: `${stdout}\n${stderr}` };
}

function complaint(output: string): string | undefined {
  return output.split('\n').findLast((line) => /^(E|W|Err)[:\d]/.test(line));
}

function unpack(archive: string, root: string): void {
  const { status, stderr } = spawnSync('dpkg-deb', ['-x', archive, root], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`dpkg-deb could not unpack ${archive}: ${stderr.trim()}`);
}

function libraryFolders(root: string): string[] {
  const folders = new Set<string>();
  for (const top of ['usr/lib', 'lib']) {
    if (!existsSync(join(root, top))) continue;
    for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
      if (entry.name.includes('.so')) folders.add(entry.parentPath);
    }
  }
  // The system's own libraries stay ahead where the packages brought none.
  return [...folders].toSorted((a, b) => a.length - b.length);
}
