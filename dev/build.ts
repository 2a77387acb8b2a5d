import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildKernel } from '../core/scoring/kernel/build.ts';
import { withLock } from './lock.ts';

const root = dirname(import.meta.dirname);

type Product = {
  name: string;
  /** Globs from the root: what it is made of. */
  inputs: string[];
  /** The folder it is made into; holds the stamp. */
  output: string;
  make(): Promise<void>;
};

const prismaClient: Product = {
  name: 'database client',
  inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
  output: 'core/db/generated',
  // Prisma would download an engine, which this generator does not use, unless told that there is one.
  make: () => runTool('prisma/build/index.js', ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }),
};

const web: Product = {
  name: 'web',
  inputs: [
    'web/*.*',
    'web/{src,public}/**/*',
    'core/{contract,scoring,code}/**/*.{ts,wasm}',
    'core/log-text.ts',
    'package-lock.json',
  ],
  output: 'web/dist',
  // A test run's own NODE_ENV would put React's development build into it.
  make: () => runTool('vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn'], { NODE_ENV: 'production' }),
};

/** What the types and the tests of the servers need: generated code and the kernel. */
export async function buildForServers(say: (line: string) => void): Promise<void> {
  await alone(async () => {
    await buildIfChanged(prismaClient, say);
    const began = Date.now();
    if ((await buildKernel()) === 'built') say(`built the scoring kernel (${since(began)})`);
  });
}

/** All that `npm start` serves. What is unchanged since the last build is kept. */
export async function buildAll(say: (line: string) => void): Promise<void> {
  await buildForServers(say);
  await alone(() => buildIfChanged(web, say));
}

/** Two instances of one clone may start at once. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return withLock(join(root, 'node_modules', '.topk-build.lock'), work);
}

async function buildIfChanged({ name, inputs, output, make }: Product, say: (line: string) => void): Promise<void> {
  const stampPath = join(root, output, '.stamp');
  const stamp = await hashOf(inputs);
  if (existsSync(stampPath) && (await readFile(stampPath, 'utf8')) === stamp) return;
  const began = Date.now();
  // First, so that a build cut off half-way does not pass for the earlier one.
  await rm(stampPath, { force: true });
  await make();
  await mkdir(join(root, output), { recursive: true });
  await writeFile(stampPath, stamp);
  say(`built the ${name} (${since(began)})`);
}

async function hashOf(patterns: string[]): Promise<string> {
  const hash = createHash('sha256');
  const files: string[] = [];
  for await (const entry of glob(patterns, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  for (const path of files.toSorted())
    hash
      .update(path.slice(root.length))
      .update('\0')
      .update(await readFile(path));
  return hash.digest('hex');
}

async function runTool(script: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const options = {
    cwd: root,
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      ...env,
    },
  };
  try {
    await promisify(execFile)(process.execPath, [join(root, 'node_modules', script), ...args], options);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    // Without the cause, which would repeat the output three times.
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(`${script} ${args.join(' ')} failed:\n${said || String(error)}`);
  }
}

function since(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
