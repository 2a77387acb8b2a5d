import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { maxSourceBytes } from '../contract/competition-folder.ts';
import { CompetitionFile } from './schema.ts';

export const fileName = 'competition.yaml';
const maxDescription = 200_000;

/** Something that is wrong with a folder: `competition.yaml:12: phases.0.dueAt must be …` */
export interface FolderError {
  readonly line: number;
  readonly message: string;
}

export class FolderErrors extends Error {
  readonly errors: readonly FolderError[];

  constructor(errors: readonly FolderError[]) {
    super(errors.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('\n'));
    this.errors = errors;
  }
}

/**
 * The text of a `competition.yaml` from its bytes.
 * @throws FolderErrors where it is too long, or no text
 */
export function decodeSource(bytes: Uint8Array): string {
  const refuse = (message: string) => new FolderErrors([{ line: 1, message }]);
  if (bytes.length > maxSourceBytes) throw refuse(`is larger than ${maxSourceBytes / 1024} KiB`);
  const text = decode(bytes);
  if (text === undefined) throw refuse('is not UTF-8 text');
  return text;
}

/** The text of a `competition.yaml`, checked: either the competition, or what is wrong with it, by line. */
export function parseCompetition(text: string): { file?: CompetitionFile; errors: FolderError[] } {
  const { document, lines } = read(text);
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      message: message.split('\n')[0] ?? message,
    }));
    return { errors };
  }
  const parsed = CompetitionFile.safeParse(valueOf(document));
  if (parsed.success) return { file: parsed.data, errors: [] };
  const errors = parsed.error.issues.map(({ path, message }) => ({
    line: lineOf(document, lines, path),
    message: path.length === 0 ? message : `${path.join('.')} ${message}`,
  }));
  return { errors: errors.toSorted((a, b) => a.line - b.line) };
}

/** A file that `competition.yaml` names, and where. */
export interface NamedFile {
  readonly at: readonly PropertyKey[];
  readonly name: string;
}

export function namedFiles(file: CompetitionFile): NamedFile[] {
  const named: { at: PropertyKey[]; name: string | undefined }[] = [
    { at: ['description'], name: file.description },
    { at: ['customMetric', 'file'], name: file.customMetric?.file },
    ...file.phases.map(({ answerKey }, i) => ({ at: ['phases', i, 'answerKey'], name: answerKey })),
    ...file.data.map((entry, i) => ({ at: ['data', i, 'file'], name: entry.file })),
    ...file.baselines.map((entry, i) => ({ at: ['baselines', i, 'file'], name: entry.file })),
  ];
  return named.flatMap(({ at, name }) => (name === undefined ? [] : [{ at, name }]));
}

/** @returns an error for each named file that is not among `there` */
export function missingFiles(text: string, file: CompetitionFile, there: ReadonlySet<string>): FolderError[] {
  const missing = namedFiles(file).filter(({ name }) => !there.has(name));
  if (missing.length === 0) return [];
  const { document, lines } = read(text);
  return missing.map(({ at, name }) => ({
    line: lineOf(document, lines, at),
    message: `${at.join('.')} there is no file ${name}`,
  }));
}

/** An error at a part of a `competition.yaml` that was parsed before. */
export function errorAt(text: string, at: readonly PropertyKey[], message: string): FolderError {
  const { document, lines } = read(text);
  return { line: lineOf(document, lines, at), message: `${at.join('.')} ${message}` };
}

/**
 * The text of the description’s file.
 * @throws FolderErrors where it is no text that the server takes
 */
export function decodeDescription(text: string, bytes: Uint8Array): string {
  const refuse = (message: string) => new FolderErrors([errorAt(text, ['description'], message)]);
  const description = decode(bytes);
  if (description === undefined) throw refuse('is a file that is not UTF-8 text');
  if (description.length > maxDescription)
    throw refuse(`is longer than ${maxDescription.toLocaleString('en-US')} characters`);
  return description;
}

/** Byte-order mark and all, so that it is the same bytes again; undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function read(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines }), lines };
}

/** Undefined, which no schema takes, for what refers to itself too often. */
function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** Where a part of the document stands; where it is missing, what it should be in. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
