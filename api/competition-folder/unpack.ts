import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BlobStore, Scratch } from '../../core/blobs/store.ts';
import { readDirectory, type ArchiveFile } from '../../core/code/archive.ts';
import { CodeRefused } from '../../core/code/refusal.ts';
import { unpack } from '../../core/code/unpack.ts';
import { maxSourceBytes } from '../../core/contract/competition-folder.ts';
import {
  decodeDescription,
  decodeSource,
  errorAt,
  fileName,
  FolderErrors,
  missingFiles,
  namedFiles,
  parseCompetition,
} from '../../core/competition-folder/parse.ts';
import type { CompetitionFile } from '../../core/competition-folder/schema.ts';
import { AppError } from '../errors.ts';

/** A folder that was sent as a zip: what of it `competition.yaml` names, unpacked under names that have nothing of the sender's. */
export interface UnpackedFolder {
  readonly source: string;
  readonly file: CompetitionFile;
  readonly description: string | undefined;
  readonly hashes: ReadonlyMap<string, string>;
  /** Where the file at a path of the folder lies, and its size. */
  readonly files: ReadonlyMap<string, { readonly path: string; readonly bytes: number }>;
  discard(): Promise<void>;
}

const maxEntries = 5_000;
const maxListed = 20;

/**
 * Reads a zip with a `competition.yaml`, and believes nothing of it: names that lead out, links, what lies about its size and what unpacks to more than
 * `maxBytes` is refused before anything is done.
 * @throws AppError folder-rejected, with the line where it is the competition.yaml’s
 */
export async function unpackFolder(
  zip: string,
  course: string,
  blobs: BlobStore,
  maxBytes: number,
): Promise<UnpackedFolder> {
  const scratches: Scratch[] = [];
  const discard = async () => {
    for (const scratch of scratches) await scratch.discard();
  };
  try {
    return { ...(await read(zip, course, maxBytes, () => make(scratches, blobs))), discard };
  } catch (error) {
    await discard();
    throw explained(error);
  }
}

function make(scratches: Scratch[], blobs: BlobStore): Scratch {
  const scratch = blobs.scratch(false);
  scratches.push(scratch);
  return scratch;
}

async function read(
  zip: string,
  course: string,
  maxBytes: number,
  newScratch: () => Scratch,
): Promise<Omit<UnpackedFolder, 'discard'>> {
  const entries = new Map(
    (await readDirectory(zip, { maxEntries, maxUnpackedBytes: maxBytes })).map((entry) => [entry.path, entry]),
  );
  const { source, file } = await readSource(zip, course, entries);
  const files = new Map<string, { path: string; bytes: number }>();
  const hashes = new Map<string, string>();
  let left = maxBytes;
  for (const name of new Set(namedFiles(file).map((named) => named.name))) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    const { path } = newScratch();
    // Data may be archives of pictures: they are handed on as they are.
    await unpack(zip, entry, { into: path, keepBytes: 0, maxBytes: left, mayBeArchive: true });
    left -= entry.bytes;
    files.set(name, { path, bytes: entry.bytes });
    hashes.set(name, await hashOf(path));
  }
  const page = file.description === undefined ? undefined : files.get(file.description);
  const description = page && decodeDescription(source, await readBounded(source, page));
  return { source, file, description, hashes, files };
}

async function readSource(
  zip: string,
  course: string,
  entries: ReadonlyMap<string, ArchiveFile>,
): Promise<{ source: string; file: CompetitionFile }> {
  const entry = entries.get(fileName);
  if (entry === undefined)
    throw new AppError(
      'folder-rejected',
      `The archive holds no ${fileName} at its top. Zip the folder that it lies in.`,
    );
  const keepBytes = maxSourceBytes + 1;
  const source = decodeSource(await unpack(zip, entry, { into: undefined, keepBytes, maxBytes: keepBytes }));
  const { file, errors } = parseCompetition(source);
  if (file === undefined) throw new FolderErrors(errors);
  const missing = missingFiles(source, file, new Set(entries.keys()));
  const elsewhere = `is ${file.course}, and this is the course ${course}`;
  const wrong = file.course === course ? [] : [errorAt(source, ['course'], elsewhere)];
  if (missing.length + wrong.length > 0) throw new FolderErrors([...wrong, ...missing]);
  return { source, file };
}

/** Four bytes a character at most: what is longer is too long in any case. */
async function readBounded(source: string, { path, bytes }: { path: string; bytes: number }): Promise<Uint8Array> {
  if (bytes > 1_000_000)
    throw new FolderErrors([errorAt(source, ['description'], 'is a file of more than a megabyte')]);
  return await readFile(path);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function explained(error: unknown): unknown {
  if (error instanceof FolderErrors) {
    const listed = error.errors.slice(0, maxListed).map(({ line, message }) => ({ path: fileName, line, message }));
    const detail = listed.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('; ');
    return new AppError('folder-rejected', detail, {
      errors: listed,
      moreErrors: error.errors.length - listed.length,
    });
  }
  if (error instanceof CodeRefused)
    return new AppError('folder-rejected', error.message, { errors: [...error.errors] });
  return error;
}
