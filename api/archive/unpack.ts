import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { z } from 'zod';
import type { BlobStore, Scratch } from '../../core/blobs/store.ts';
import { chunksOf } from '../../core/chunks.ts';
import { AppError } from '../errors.ts';
import { filesFolder, Manifest, manifestName, rowsName } from './format.ts';

const maxManifestBytes = 10_000;

/**
 * Reads the tar at `path`: its files go to the store, its rows to `lines`. Believes no name, and no file that is not what its name says.
 * @throws archive-rejected
 */
export async function unpack(
  path: string,
  blobs: BlobStore,
  lines: Scratch,
): Promise<{ manifest: Manifest; files: number }> {
  try {
    return await read(path, blobs, lines);
  } catch (error) {
    throw explained(error);
  }
}

async function read(path: string, blobs: BlobStore, lines: Scratch): Promise<{ manifest: Manifest; files: number }> {
  const reader = extract();
  const feeding = pipeline(createReadStream(path), reader);
  // It is waited for below; until then nobody would hear it fail.
  feeding.catch(() => undefined);
  let manifest: Manifest | undefined;
  let hasRows = false;
  let files = 0;
  for await (const entry of reader) {
    const { name } = entry.header;
    if (manifest === undefined) manifest = await readManifest(entry.header, entry);
    else if (name === rowsName) {
      hasRows = true;
      await lines.put(chunksOf(entry), Number.MAX_SAFE_INTEGER);
    } else if (name.startsWith(filesFolder)) {
      const stored = await blobs.put(chunksOf(entry), Number.MAX_SAFE_INTEGER);
      if (stored.kind !== 'stored' || stored.blob.hash !== name.slice(filesFolder.length))
        throw rejected(`${JSON.stringify(name.slice(0, 100))} is damaged: its content has another SHA-256.`);
      files++;
    } else throw rejected(`${JSON.stringify(name.slice(0, 100))} is no part of an archive.`);
  }
  await feeding;
  if (manifest === undefined || !hasRows) throw rejected(`It holds no ${manifest ? rowsName : manifestName}.`);
  return { manifest, files };
}

async function readManifest(
  { name, size }: { name: string; size?: number | undefined },
  content: AsyncIterable<unknown>,
): Promise<Manifest> {
  if (name !== manifestName || (size ?? 0) > maxManifestBytes)
    throw rejected(`Its first entry is not ${manifestName}: this is no archive of a course.`);
  return Manifest.parse(JSON.parse(Buffer.concat(await Array.fromAsync(chunksOf(content))).toString()));
}

/** What is said of a file that is no archive. Of a full disk the system says which call failed: that is no fault of the archive's. */
function explained(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || 'syscall' in error) return error;
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return rejected(`${manifestName} is not one that this version understands.`);
  return rejected('It is no whole tar file. Was it cut off?');
}

/** @param line of `rows.jsonl` */
export function rejected(detail: string, line?: number): AppError {
  if (line === undefined) return new AppError('archive-rejected', detail);
  return new AppError('archive-rejected', `${rowsName}, line ${line}: ${detail}`, {
    errors: [{ line, message: detail }],
  });
}
