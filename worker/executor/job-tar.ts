import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { InputFile } from './executor.ts';

/**
 * A tar of the files, in their order, readable by all and writable by nobody.
 * The stream fails where a file can't be read or has not the size that was said.
 */
export function packFiles(files: readonly InputFile[]): Readable {
  const tar = pack();
  void fill(tar, files).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  // tar-stream's own streams are not Node's.
  return Readable.from(tar);
}

async function fill(tar: Pack, files: readonly InputFile[]): Promise<void> {
  const made = new Set<string>();
  for (const { path, source } of files) {
    for (const folder of folders(path)) {
      if (made.has(folder)) continue;
      made.add(folder);
      tar.entry({ name: folder, type: 'directory', mode: 0o755, mtime: epoch });
    }
    if ('content' in source) {
      tar.entry({ name: path, mode: 0o444, mtime: epoch }, Buffer.from(source.content));
    } else {
      const entry = tar.entry({ name: path, mode: 0o444, size: source.bytes, mtime: epoch });
      await pipeline(createReadStream(source.file), entry);
    }
  }
  tar.finalize();
}

/** The same for each run, so that nothing in a program's inputs tells the time. */
const epoch = new Date(0);

/** a/b/c.py: a, a/b */
function folders(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
