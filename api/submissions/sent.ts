import { open } from 'node:fs/promises';
import type { Blob } from '../../core/blobs/store.ts';
import { sentKind, type SentKind } from '../../core/code/kind.ts';
import { checkPackage } from '../../core/code/package.ts';
import type { SubmissionKind } from '../../core/contract/runs.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { acceptsCode } from '../competitions/run-settings.ts';
import { AppError } from '../errors.ts';

/** A file that was received, and where it lies. */
export interface SentFile {
  readonly name: string;
  readonly path: string;
  readonly blob: Blob;
}

const headBytes = 512;

/**
 * What a phase takes a file for. Code is looked through at once, so that what can't be run is neither kept nor charged; predictions are read when
 * they are scored.
 * @throws AppError kind-not-accepted, or code-rejected with all that is wrong
 */
export async function kindOfSent(phase: FullPhase, file: SentFile): Promise<SubmissionKind> {
  const { accepts } = phase;
  const sent = sentKind(file.name, await readHead(file.path));
  if (!isCode(phase, file.name, sent)) {
    if (!accepts.includes('predictions')) throw notAccepted(phase, 'predictions');
    return 'predictions';
  }
  if (sent === 'script' && !accepts.includes('code')) throw notAccepted(phase, 'code');
  if (sent === 'notebook' && !accepts.includes('notebook')) throw notAccepted(phase, 'notebook');
  if (!acceptsCode(accepts)) throw notAccepted(phase, 'code');
  const outcome = await checkPackage({ file: file.path, bytes: file.blob.bytes, name: file.name });
  if (outcome.kind === 'refused')
    throw new AppError(
      'code-rejected',
      `${outcome.errors.map(({ message }) => message).join(' ')} Nothing was charged.`,
      { errors: [...outcome.errors] },
    );
  if (!accepts.includes(outcome.submissionKind)) throw notAccepted(phase, outcome.submissionKind);
  return outcome.submissionKind;
}

/** Where only predictions are taken, a file is code by its name alone: the parser has its own words for what else is wrong with it. */
function isCode({ accepts }: FullPhase, name: string, sent: SentKind): boolean {
  return sent !== 'other' && (acceptsCode(accepts) || /\.(py|ipynb|zip)$/i.test(name));
}

function notAccepted({ title, accepts }: FullPhase, kind: SubmissionKind): AppError {
  const wanted = accepts.map((each) => words[each].wanted).join(', or ');
  return new AppError(
    'kind-not-accepted',
    `"${title}" takes ${wanted}; this is ${words[kind].sent}. Nothing was charged.`,
  );
}

const words = {
  predictions: { wanted: 'a file of predictions (.csv, .csv.gz, .npy)', sent: 'no code, but a file of data' },
  code: { wanted: 'a script (.py, or a .zip with main.py)', sent: 'code' },
  notebook: { wanted: 'a notebook (.ipynb, or a .zip with main.ipynb)', sent: 'a notebook' },
} as const satisfies Record<SubmissionKind, { wanted: string; sent: string }>;

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
