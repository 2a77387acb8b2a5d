import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemItem } from '../contract/problems.ts';
import { readDirectory, type ArchiveLimits } from './archive.ts';
import { entryPoint } from './entry-point.ts';
import { sentKind } from './kind.ts';
import { checkNotebook, maxNotebookBytes } from './notebook.ts';
import { CodeRefused, refuse } from './refusal.ts';
import { checkScript, maxScriptBytes } from './script.ts';
import { unpack } from './unpack.ts';

/** Code as it was sent: one script, one notebook, or a zip with an entry point. */
export interface SentCode {
  readonly file: string;
  readonly bytes: number;
  /** As its author calls it. */
  readonly name: string;
}

/** What is put into the sandbox; `path` is relative, with `/`, and has been checked. */
export interface PackageFile {
  readonly path: string;
  readonly source: { readonly file: string; readonly bytes: number };
}

interface Accepted {
  readonly kind: 'ok';
  readonly submissionKind: 'code' | 'notebook';
  /** The path that is started. */
  readonly entry: string;
}

interface Refused {
  readonly kind: 'refused';
  /** At most ten; never empty. */
  readonly errors: readonly ProblemItem[];
}

/** Enough to tell what a file is. */
const headBytes = 512;
/** What an archive of code may hold. */
export const packageLimits: ArchiveLimits = { maxEntries: 2_000, maxUnpackedBytes: 200 * 2 ** 20 };

/** Looks at all of it, archives unpacked in passing, and keeps nothing. In bounded memory, whatever the bytes are. */
export async function checkPackage(sent: SentCode): Promise<Accepted | Refused> {
  return await answer(async () => {
    const { entry } = await read(sent, undefined);
    return { kind: 'ok', submissionKind: kindOf(entry), entry };
  });
}

/**
 * As `checkPackage`, and says which files go into the sandbox. An archive's are written to `folder`, which is there and empty, under names that
 * have nothing of the student's; a single file is its own source.
 */
export async function unpackPackage(
  sent: SentCode,
  folder: string,
): Promise<(Accepted & { readonly files: readonly PackageFile[] }) | Refused> {
  return await answer(async () => {
    const { entry, files } = await read(sent, folder);
    return { kind: 'ok', submissionKind: kindOf(entry), entry, files };
  });
}

async function answer<T extends { kind: 'ok' }>(reading: () => Promise<T>): Promise<T | Refused> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof CodeRefused) return { kind: 'refused', errors: error.errors };
    throw error;
  }
}

function kindOf(entry: string): 'code' | 'notebook' {
  return entry.toLowerCase().endsWith('.ipynb') ? 'notebook' : 'code';
}

async function read(sent: SentCode, folder: string | undefined) {
  switch (sentKind(sent.name, await readFirst(sent.file, headBytes))) {
    case 'script':
      return await readSingle(sent, 'main.py', maxScriptBytes, checkScript);
    case 'notebook':
      return await readSingle(sent, 'main.ipynb', maxNotebookBytes, checkNotebook);
    case 'archive':
      return await readArchive(sent.file, folder);
    case 'other':
      throw refuse(
        'not-code',
        'This is no code: send a .py, an .ipynb, or a .zip with main.py or main.ipynb at its top.',
      );
  }
}

/** A single file has the name of an entry point in the sandbox: one that is called torch.py would import itself. */
async function readSingle(
  { file, bytes }: SentCode,
  path: string,
  maxBytes: number,
  check: (bytes: Uint8Array) => void,
) {
  // One byte more than is taken tells that there is more.
  check(await readFirst(file, Math.min(bytes, maxBytes + 1)));
  return { entry: path, files: [{ path, source: { file, bytes } }] };
}

async function readArchive(file: string, folder: string | undefined) {
  const wanted = await readDirectory(file, packageLimits);
  const entry = entryPoint(wanted.map(({ path }) => path));
  const isNotebook = kindOf(entry) === 'notebook';
  const files: PackageFile[] = [];
  let left = packageLimits.maxUnpackedBytes;
  for (const [index, each] of wanted.entries()) {
    const isEntry = each.path === entry;
    const into = folder === undefined ? undefined : join(folder, String(index));
    const keepBytes = !isEntry ? 0 : 1 + (isNotebook ? maxNotebookBytes : maxScriptBytes);
    const head = await unpack(file, each, { into, keepBytes, maxBytes: left });
    if (isEntry) (isNotebook ? checkNotebook : checkScript)(head, entry);
    left -= each.bytes;
    files.push({ path: each.path, source: { file: into ?? file, bytes: each.bytes } });
  }
  return { entry, files };
}

/** Its first bytes, at most `bytes`. */
export async function readFirst(file: string, bytes: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
