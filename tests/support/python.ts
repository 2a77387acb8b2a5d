import { execFile, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, unpackDebian } from '../../dev/debian.ts';
import { withLock } from '../../dev/lock.ts';

/** A Python that is there, and what it needs in its environment. */
export interface Python {
  readonly name: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stands before its arguments. */
  readonly flags?: readonly string[];
}

export interface PythonAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The client as it is served. */
export const clientFile = join(import.meta.dirname, '../../api/client/topk.py');

const system = '/usr/bin/python3';

/** The machine's own Python 3 with its standard library alone, whatever is installed beside it; a bare machine may have none, and says so. */
export function systemPython(): Python | undefined {
  const python = found('Python 3', [existsSync(system) ? system : 'python3'], '');
  return python && { ...python, flags: ['-S'] };
}

/** The oldest that the client is for. */
export function oldestPython(): Python | undefined {
  const roots = [process.env['PYENV_ROOT'], join(homedir(), '.pyenv')].filter((root) => root !== undefined);
  const installed = roots.flatMap((root) => globSync(join(root, 'versions/3.9.*/bin/python3.9')));
  return found('Python 3.9', ['python3.9', ...installed], '3.9');
}

function found(name: string, programs: readonly string[], version: string): Python | undefined {
  const told = 'import sys; print(sys.version_info[0:2] >= (3, 9), "%d.%d" % sys.version_info[0:2], sys.executable)';
  for (const each of programs) {
    const { stdout } = spawnSync(each, ['-c', told], { encoding: 'utf8' });
    const [, is, program] = /^True (\S+) (.+)$/m.exec(stdout) ?? [];
    if (is?.startsWith(version) && program !== undefined) return { name, program, env: {} };
  }
  console.log(`skipped: what is tested with ${name}, which this machine does not have`);
  return undefined;
}

/** Debian's Python with Debian's pandas and scikit-learn, unpacked into the cache where they are not installed. */
export async function pandasPython(): Promise<Python | undefined> {
  const python = { name: 'Python 3 with pandas', program: system, env: {} };
  if (existsSync(system) && canImport(python)) return python;
  try {
    await mkdir(cacheDir(), { recursive: true, mode: 0o700 });
    const fetchOnce = async () =>
      await Promise.resolve(unpackDebian(['python3-pandas', 'python3-sklearn'], (line) => console.log(line)));
    const { root, env } = await withLock(join(cacheDir(), 'python3-pandas.lock'), fetchOnce);
    const unpacked = { ...python, env: { ...env, PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') } };
    if (existsSync(system) && canImport(unpacked)) return unpacked;
    console.log(`skipped: what is tested with pandas, since Debian’s in ${cacheDir()} does not run with ${system}`);
  } catch (error) {
    console.log(`skipped: what is tested with pandas. ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function canImport({ program, env }: Python): boolean {
  const options = { env: { ...process.env, ...env }, stdio: 'ignore' as const };
  return spawnSync(program, ['-c', 'import pandas, sklearn'], options).status === 0;
}

interface Call {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads: nobody can be asked. */
  readonly stdin?: string;
}

/** Runs a Python, and answers with what it printed and its exit code. Proxies of this machine stay out of it. */
export async function runPython(
  { program, env: own, flags = [] }: Python,
  args: readonly string[],
  { cwd, env, stdin = '' }: Call,
): Promise<PythonAnswer> {
  const clean = Object.entries(process.env).filter(([name]) => !/_proxy$|^KAGGLE_|^TOPK_|^PYTHON/i.test(name));
  // Logins and keys of uploads are kept in the folder of the test.
  const home = { HOME: cwd, XDG_CONFIG_HOME: join(cwd, '.config'), XDG_CACHE_HOME: join(cwd, '.cache') };
  const options = {
    cwd,
    env: { ...Object.fromEntries(clean), ...home, PYTHONIOENCODING: 'utf-8', ...own, ...env },
    maxBuffer: 1 << 26,
  };
  return await new Promise((resolve, reject) => {
    const child = execFile(program, [...flags, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      if (code === undefined) reject(error ?? new Error('it did not end by itself'));
      else resolve({ code, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
