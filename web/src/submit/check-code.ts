import { type SentKind, sentKind } from '../../../core/code/kind.ts';
import { checkNotebook, maxNotebookBytes } from '../../../core/code/notebook.ts';
import { CodeRefused, megabytes, problem } from '../../../core/code/refusal.ts';
import { checkScript, maxScriptBytes } from '../../../core/code/script.ts';
import { checkSubmission } from '../../../core/contract/submissions.ts';
import type { SubmissionKind } from '../../../core/contract/runs.ts';
import { parseAnswer, urlOf } from '../api/call.ts';
import { problemOf } from '../api/problem.ts';
import type { CheckOutcome } from './check-messages.ts';

/** Where a file is meant for. */
export interface CheckPlace {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly maxBytes: number;
  readonly accepts: readonly SubmissionKind[];
}

const headBytes = 512;

/** What a file is taken for; where no code is accepted, everything is predictions. */
export async function kindOf(file: File, accepts: readonly SubmissionKind[]): Promise<SentKind> {
  if (!acceptsCode(accepts)) return 'other';
  return sentKind(file.name, new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
}

export function acceptsCode(accepts: readonly SubmissionKind[]): boolean {
  return accepts.some((kind) => kind !== 'predictions');
}

/**
 * Checks code before it is sent, in the words of the server: scripts and notebooks here, archives there. Predictions are not for this.
 * Rejects with the signal's reason alone.
 */
export async function checkCode(
  file: File,
  sent: 'script' | 'notebook' | 'archive',
  place: CheckPlace,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const refusal = unwanted(file, sent, place);
  if (refusal !== undefined) return { kind: 'rejected', errors: [{ message: refusal }], moreErrors: 0 };
  if (sent === 'archive') return await askServer(file, place, signal);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (sent === 'script') checkScript(bytes);
    else checkNotebook(bytes);
  } catch (error) {
    if (error instanceof CodeRefused) return { kind: 'rejected', errors: error.errors, moreErrors: 0 };
    return { kind: 'unchecked', reason: 'This browser could not read the file. Choose it again.' };
  }
  signal.throwIfAborted();
  return { kind: 'code', sent, notices: [] };
}

/** Why a file need not even be read. */
function unwanted(file: File, sent: 'script' | 'notebook' | 'archive', { accepts, maxBytes }: CheckPlace) {
  if (sent === 'script' && !accepts.includes('code')) return 'Scripts are not accepted in this phase; send a notebook.';
  if (sent === 'notebook' && !accepts.includes('notebook'))
    return 'Notebooks are not accepted in this phase; export it as a script (.py).';
  const most = Math.min(maxBytes, { script: maxScriptBytes, notebook: maxNotebookBytes, archive: Infinity }[sent]);
  if (file.size <= most) return undefined;
  const remedy = {
    script: 'Send data beside it in a zip.',
    notebook: 'Clear its outputs.',
    archive: 'Leave out what is not needed to run.',
  }[sent];
  return `The file has ${megabytes(file.size)}; at most ${megabytes(most)} are taken. ${remedy}`;
}

/** Only the server looks into archives. That it can't be asked says nothing about the file. */
async function askServer(file: File, { slug, phase }: CheckPlace, signal: AbortSignal): Promise<CheckOutcome> {
  try {
    const response = await fetch(urlOf(checkSubmission, { params: { slug }, query: { phase, filename: file.name } }), {
      method: 'POST',
      body: file,
      signal,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const text = await response.text();
    if (!response.ok) {
      const { detail, errors, status, moreErrors = 0 } = problemOf(response.status, text).problem;
      if (status >= 500 || status === 429) return { kind: 'unchecked', reason: detail };
      return { kind: 'rejected', errors: errors ?? [problem('bad-zip', detail)], moreErrors };
    }
    const result = parseAnswer(checkSubmission.schema.response, response.status, text);
    if (!result.valid) return { kind: 'rejected', errors: result.errors, moreErrors: result.moreErrors };
    return { kind: 'code', sent: 'archive', notices: result.notices };
  } catch {
    signal.throwIfAborted();
    return { kind: 'unchecked', reason: 'The server could not be asked; the archive is checked after the upload.' };
  }
}
