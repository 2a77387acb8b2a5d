import { readDirectory } from './archive.ts';
import { sentKind } from './kind.ts';
import { packageLimits, readFirst, type SentCode } from './package.ts';
import { unpack } from './unpack.ts';

/** A file of code, to be looked at. */
export interface CodePart {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files of code as it was sent; a single one under the name that its author gave it. Nothing is unpacked.
 * @throws CodeRefused for an archive that is damaged
 */
export async function listParts(sent: SentCode): Promise<CodePart[]> {
  if (!(await isArchive(sent))) return [{ path: sent.name, bytes: sent.bytes }];
  const files = await readDirectory(sent.file, packageLimits);
  return files.map(({ path, bytes }) => ({ path, bytes }));
}

/**
 * The beginning of one of these files; undefined: there is none with this path.
 * @throws CodeRefused for an archive that is damaged, or a file that is more than it says
 */
export async function readPart(
  sent: SentCode,
  path: string,
  keepBytes: number,
): Promise<(CodePart & { readonly start: Uint8Array }) | undefined> {
  if (!(await isArchive(sent)))
    return path === sent.name
      ? { path, bytes: sent.bytes, start: await readFirst(sent.file, Math.min(keepBytes, sent.bytes)) }
      : undefined;
  const found = (await readDirectory(sent.file, packageLimits)).find((file) => file.path === path);
  if (found === undefined) return undefined;
  const { maxUnpackedBytes: maxBytes } = packageLimits;
  return { path, bytes: found.bytes, start: await unpack(sent.file, found, { into: undefined, keepBytes, maxBytes }) };
}

async function isArchive({ file, name }: SentCode): Promise<boolean> {
  return sentKind(name, await readFirst(file, 512)) === 'archive';
}
