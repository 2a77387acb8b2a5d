import { listParts, readPart } from '../../core/code/look.ts';
import type { SentCode } from '../../core/code/package.ts';
import { CodeRefused } from '../../core/code/refusal.ts';
import { maxShownBytes, type CodeFile, type CodeText } from '../../core/contract/inspection.ts';
import { AppError, notFound } from '../errors.ts';
import type { Services } from '../services.ts';
import type { SubmissionRow } from '../submissions/read.ts';

/** The files of a submission's code; none where it is predictions. */
export async function listCode({ blobs }: Services, row: SubmissionRow): Promise<CodeFile[]> {
  if (row.kind === 'predictions') return [];
  return await refusals(async () => await listParts(sentCode(blobs, row)));
}

/** The beginning of one of them. @throws not-found where there is none with this path */
export async function readCode({ blobs }: Services, row: SubmissionRow, path: string): Promise<CodeText> {
  const part =
    row.kind === 'predictions'
      ? undefined
      : await refusals(async () => await readPart(sentCode(blobs, row), path, maxShownBytes));
  if (part === undefined) throw notFound(`file "${path}" in submission ${row.id}`);
  const cut = part.bytes > part.start.length;
  return { path, bytes: part.bytes, text: textOf(part.start, cut), cut };
}

function sentCode(blobs: Services['blobs'], { fileHash, fileBytes, fileName }: SubmissionRow): SentCode {
  return { file: blobs.path(fileHash), bytes: fileBytes, name: fileName };
}

/** Null where it is no text: bytes that are not UTF-8, or hold a zero. The last character may be cut in two. */
function textOf(bytes: Uint8Array, cut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

/** What was looked through when it was sent is refused only where it came from elsewhere, such as an archive of a course. */
async function refusals<T>(reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    if (!(error instanceof CodeRefused)) throw error;
    throw new AppError('code-rejected', error.errors.map(({ message }) => message).join(' '), {
      errors: [...error.errors],
    });
  }
}
