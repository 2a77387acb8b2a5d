import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The kernel over memory that threads share (Node) and over private memory (the browser): the same code, built twice. */
const BUILDS = [
  { file: 'kernel-shared.wasm', flags: ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'] },
  { file: 'kernel.wasm', flags: ['--maximumMemory', '65536'] },
] as const;

/** Compiles `assembly/` to the two WebAssembly files beside this one, unless they are newer than every source. Takes two seconds. */
export async function buildKernel(): Promise<'built' | 'fresh'> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const sources = join(folder, 'assembly');
  if (await isFresh(folder, sources)) return 'fresh';
  // Builds race where tests start side by side: each writes its own files and renames them into place.
  const scratch = await mkdtemp(join(folder, '.build-'));
  try {
    const { main } = await import('assemblyscript/asc');
    for (const build of BUILDS) {
      const output = join(scratch, build.file);
      let complaints = '';
      const arguments_ = [
        join(sources, 'index.ts'),
        '--outFile',
        output,
        '--importMemory',
        '--initialMemory',
        '1',
        '--runtime',
        'stub',
        '--enable',
        'simd',
        '--enable',
        'bulk-memory',
        '-O3',
        '--noAssert',
        ...build.flags,
      ];
      const { error } = await main(arguments_, { stderr: { write: (text) => void (complaints += String(text)) } });
      if (error !== null) throw new Error(`The scoring kernel does not compile:\n${complaints}`, { cause: error });
      await rename(output, join(folder, build.file));
    }
    return 'built';
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isFresh(folder: string, sources: string): Promise<boolean> {
  const inputs = (await readdir(sources)).map((name) => join(sources, name));
  const changed = await Promise.all(
    [fileURLToPath(import.meta.url), ...inputs].map(async (path) => (await stat(path)).mtimeMs),
  );
  const newest = Math.max(...changed);
  const built = await Promise.all(
    BUILDS.map(({ file }) =>
      stat(join(folder, file)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    ),
  );
  return built.every((time) => time > newest);
}
