import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { CompetitionFile } from '../../core/competition-folder/schema.ts';

export const fileName = 'competition.yaml';

/** Something that is wrong with a folder: `competition.yaml:12: phases.0.dueAt must be …` */
export interface FolderError {
  readonly line: number;
  readonly message: string;
}

/** @throws FolderErrors with all that is wrong */
export async function readFolder(folder: string): Promise<CompetitionFile> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: unknown) => {
    throw new Error(`${folder} holds no ${fileName} that can be read`, { cause: error });
  });
  const { file, errors } = parseCompetition(text);
  if (file === undefined) throw new FolderErrors(errors);
  const missing = await missingFiles(folder, text, file);
  if (missing.length > 0) throw new FolderErrors(missing);
  return file;
}

export class FolderErrors extends Error {
  constructor(errors: readonly FolderError[]) {
    super(errors.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('\n'));
  }
}

/** The text of a `competition.yaml`, checked: either the competition, or what is wrong with it, by line. */
export function parseCompetition(text: string): { file?: CompetitionFile; errors: FolderError[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      message: message.split('\n')[0] ?? message,
    }));
    return { errors };
  }
  const parsed = CompetitionFile.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { file: parsed.data, errors: [] };
  const errors = parsed.error.issues.map(({ path, message }) => ({
    line: lineOf(document, lines, path),
    message: path.length === 0 ? message : `${path.join('.')} ${message}`,
  }));
  return { errors: errors.toSorted((a, b) => a.line - b.line) };
}

/** Where a part of the document stands; where it is missing, what it should be in. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

async function missingFiles(folder: string, text: string, file: CompetitionFile): Promise<FolderError[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const named: [PropertyKey[], string | undefined][] = [
    [['description'], file.description],
    ...file.phases.map(({ answerKey }, i): [PropertyKey[], string | undefined] => [
      ['phases', i, 'answerKey'],
      answerKey,
    ]),
    ...file.data.map((entry, i): [PropertyKey[], string] => [['data', i, 'file'], entry.file]),
    ...file.baselines.map((entry, i): [PropertyKey[], string] => [['baselines', i, 'file'], entry.file]),
  ];
  const errors: FolderError[] = [];
  for (const [path, name] of named) {
    if (name === undefined) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() !== true)
      errors.push({ line: lineOf(document, lines, path), message: `${path.join('.')} there is no file ${name}` });
  }
  return errors;
}
