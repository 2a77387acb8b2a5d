import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl';
import type { ProblemItem } from '../contract/problems.ts';
import { quote } from '../scoring/report.ts';
import { collisionKey, commonFolder, isLeftover, isReserved, nameFault } from './names.ts';
import { CodeRefused, megabytes, problem, refuse, type CodeProblem } from './refusal.ts';

/** A file of an archive that is wanted; nothing of it has been read. */
export interface ArchiveFile {
  /** As it will lie in the sandbox: relative, with `/`, without the folder that everything was zipped in. */
  readonly path: string;
  /** Where its bytes lie in the archive. */
  readonly start: number;
  readonly compressedBytes: number;
  readonly method: 'stored' | 'deflated';
  /** As declared; what comes out is counted. */
  readonly bytes: number;
  readonly crc32: number;
}

export interface ArchiveLimits {
  readonly maxEntries: number;
  readonly maxUnpackedBytes: number;
}

const maxListed = 10;

/**
 * Reads an archive's directory and refuses whatever could lie, escape or clash, with the entry's name; links and devices are not files.
 * @throws CodeRefused
 */
export async function readDirectory(file: string, limits: ArchiveLimits): Promise<ArchiveFile[]> {
  const zip = await translate(openPromise(file, { decodeStrings: false, validateEntrySizes: false, autoClose: false }));
  // Closing may fail; nobody waits for it.
  zip.on('error', () => undefined);
  try {
    if (zip.entryCount > limits.maxEntries)
      throw refuse(
        'too-many-entries',
        `The archive has ${zip.entryCount.toLocaleString('en-US')} entries; at most ${limits.maxEntries.toLocaleString('en-US')} are taken.`,
      );
    const entries = await translate(readEntries(zip));
    requireBounded(entries, limits);
    const places = await translate(locate(zip, entries));
    return wanted(entries, places);
  } finally {
    zip.close();
  }
}

interface Named {
  readonly name: string;
  readonly entry: Entry;
}

async function readEntries(zip: ZipFile): Promise<Named[]> {
  const entries: Named[] = [];
  const errors: ProblemItem[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const fault = entryFault(name, entry);
    if (fault) errors.push(problem(fault.code, `${quote(name)} ${fault.message}.`, name));
    if (errors.length === maxListed) break;
    entries.push({ name, entry });
  }
  if (errors.length > 0) throw new CodeRefused(errors);
  return entries;
}

/** macOS writes UTF-8 without saying so; what is not UTF-8 is code page 437. */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fileNameRaw);
  } catch {
    return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  }
}

function entryFault(name: string, entry: Entry): { code: CodeProblem; message: string } | undefined {
  const fault = nameFault(name);
  if (fault !== undefined) return { code: 'bad-name', message: fault };
  const isFolder = name.endsWith('/');
  // The upper half is the mode where the archive was made on Unix.
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return { code: 'not-a-file', message: 'is a link; send the file itself' };
  if (type !== 0 && type !== (isFolder ? 0o040000 : 0o100000))
    return { code: 'not-a-file', message: 'is neither a file nor a folder' };
  if (isFolder && entry.uncompressedSize > 0)
    return { code: 'not-a-file', message: 'is a folder with contents of its own' };
  if (entry.isEncrypted() || entry.compressionMethod === 99)
    return { code: 'encrypted', message: 'is encrypted; zip it without a password' };
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return { code: 'compression', message: `is compressed by method ${entry.compressionMethod}; use deflate` };
  return undefined;
}

function requireBounded(entries: readonly Named[], { maxUnpackedBytes }: ArchiveLimits): void {
  let total = 0;
  for (const { name, entry } of entries) {
    if (isLeftover(name)) continue;
    total += entry.uncompressedSize;
    if (total > maxUnpackedBytes)
      throw refuse(
        'too-large',
        `With ${quote(name)} the archive unpacks to more than ${megabytes(maxUnpackedBytes)}.`,
        name,
      );
  }
}

/** Where each entry's bytes begin. Two that share bytes make a bomb out of a small file, and two names for an entry mislead whoever looks. */
async function locate(zip: ZipFile, entries: readonly Named[]): Promise<ReadonlyMap<Entry, number>> {
  const starts = new Map<Entry, number>();
  const places: { name: string; from: number; to: number }[] = [];
  for (const { name, entry } of entries) {
    const header = await zip.readLocalFileHeaderPromise(entry);
    if (!header.fileName.equals(entry.fileNameRaw))
      throw refuse(
        'bad-zip',
        `${quote(name)} has another name in the archive’s directory. Make the archive again.`,
        name,
      );
    const to = header.fileDataStart + entry.compressedSize;
    if (to > zip.fileSize) throw refuse('bad-zip', `${quote(name)} ends beyond the archive. Was it cut off?`, name);
    starts.set(entry, header.fileDataStart);
    places.push({ name, from: entry.relativeOffsetOfLocalHeader, to });
  }
  places.sort((a, b) => a.from - b.from);
  for (const [index, { name, from }] of places.entries()) {
    const before = places[index - 1];
    if (before && before.to > from)
      throw refuse('overlap', `${quote(name)} overlaps ${quote(before.name)} in the archive. Make it again.`, name);
  }
  return starts;
}

function wanted(entries: readonly Named[], starts: ReadonlyMap<Entry, number>): ArchiveFile[] {
  const kept = entries.filter(({ name }) => !isLeftover(name));
  requireDistinct(kept.map(({ name }) => name));
  const files = kept.filter(({ name }) => !name.endsWith('/'));
  const folder = commonFolder(files.map(({ name }) => name));
  return files.map(({ name, entry }) => {
    const path = name.slice(folder.length);
    if (isReserved(path)) throw refuse('bad-name', `${quote(name)} is a name that is kept for the grader.`, name);
    return {
      path,
      start: starts.get(entry) ?? 0,
      compressedBytes: entry.compressedSize,
      method: entry.compressionMethod === 0 ? 'stored' : 'deflated',
      bytes: entry.uncompressedSize,
      crc32: entry.crc32,
    };
  });
}

/** No name twice, none that differs from another in case alone, none that is both a file and a folder. */
function requireDistinct(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = collisionKey(name);
    const other = seen.get(key);
    if (other !== undefined) {
      const how = other === name ? 'is in the archive twice' : `and ${quote(other)} differ in case alone`;
      throw refuse('name-clash', `${quote(name)} ${how}.`, name);
    }
    seen.set(key, name);
  }
  const files = new Set([...seen.keys()].filter((key) => !key.endsWith('/')));
  for (const [key, name] of seen) {
    for (let slash = key.indexOf('/'); slash !== -1; slash = key.indexOf('/', slash + 1)) {
      if (files.has(key.slice(0, slash)))
        throw refuse('name-clash', `${quote(name)} lies in what is also a file.`, name);
    }
  }
}

/** What yauzl finds wrong is the archive's fault; what the disk finds wrong, which has a code, is ours. */
async function translate<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CodeRefused || !(error instanceof Error) || 'code' in error) throw error;
    if (/strong encryption/.test(error.message))
      throw refuse('encrypted', 'The archive is encrypted; zip it without a password.');
    throw refuse('bad-zip', 'The archive is damaged or no zip. Make it again, and send all of it.');
  }
}
