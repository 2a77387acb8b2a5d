import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  decodeDescription,
  decodeSource,
  fileName,
  FolderErrors,
  missingFiles,
  namedFiles,
  parseCompetition,
} from '../../core/competition-folder/parse.ts';
import type { CompetitionFile } from '../../core/competition-folder/schema.ts';

/** A folder that is in order. */
export interface Folder {
  readonly path: string;
  /** competition.yaml, to the byte. */
  readonly source: string;
  readonly file: CompetitionFile;
  /** The text of the description's file, where it names one. */
  readonly description: string | undefined;
}

/** @throws FolderErrors with all that is wrong */
export async function readFolder(path: string): Promise<Folder> {
  const bytes = await readFile(join(path, fileName)).catch((error: unknown) => {
    throw new Error(`${path} holds no ${fileName} that can be read`, { cause: error });
  });
  const source = decodeSource(bytes);
  const { file, errors } = parseCompetition(source);
  if (file === undefined) throw new FolderErrors(errors);
  const missing = missingFiles(source, file, await filesThere(path, file));
  if (missing.length > 0) throw new FolderErrors(missing);
  const description =
    file.description === undefined
      ? undefined
      : decodeDescription(source, await readFile(join(path, file.description)));
  return { path, source, file, description };
}

async function filesThere(path: string, file: CompetitionFile): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for (const { name } of namedFiles(file)) {
    const found = await stat(join(path, name)).catch(() => undefined);
    if (found?.isFile() === true) there.add(name);
  }
  return there;
}

/** SHA-256 of each file that is named, by its path. */
export async function hashFolder({ path, file }: Folder): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const { name } of namedFiles(file)) if (!hashes.has(name)) hashes.set(name, await hashOf(join(path, name)));
  return hashes;
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
