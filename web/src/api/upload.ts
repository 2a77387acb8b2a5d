import { createSubmission, type SubmissionReceipt } from '../../../core/contract/submissions.ts';
import { parseAnswer, urlOf } from './call.ts';
import { ApiProblem, problemOf, unreachable } from './problem.ts';

export interface Upload {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly file: File;
  /** What the code in `file` is said to predict. */
  readonly predictions: File | undefined;
  /** Of the phase; undefined where it has none. */
  readonly part: string | undefined;
  readonly note: string;
  /** The same key for every try, so that a try whose answer was lost is not counted twice. */
  readonly idempotencyKey: string;
}

/** What is told of an upload: the share of bytes that are sent (0 to 1), or that the connection is lost and will be tried again. */
export interface UploadWatcher {
  readonly onProgress: (share: number) => void;
  readonly onLost: () => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A laptop that was closed, or a walk between two networks: after that a person is asked. */
const GIVE_UP_MS = 10 * 60_000;

/**
 * Sends a submission. A connection that breaks is tried again with the same key, ever more seldom, and at once when the browser is back on line, for
 * minutes. Throws an `ApiProblem`, or the signal's reason when it was cancelled.
 */
export async function uploadSubmission(
  upload: Upload,
  { onProgress, onLost }: UploadWatcher,
  signal: AbortSignal,
): Promise<SubmissionReceipt> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await sendOnce(upload, onProgress, signal);
    } catch (error) {
      if (!isBroken(error) || performance.now() > giveUpAt) throw error;
      onLost();
      await pause(pauseMs, signal);
    }
  }
}

function isBroken(error: unknown): boolean {
  return (
    error instanceof ApiProblem && ['unreachable', 'upload-interrupted', 'unavailable'].includes(error.problem.type)
  );
}

/** 128 random bits. `crypto.randomUUID` is missing on plain http, where a course's first trial runs. */
export function makeIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `fetch` can't tell how much of a body is sent, so this is an XMLHttpRequest. */
function sendOnce(
  upload: Upload,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<SubmissionReceipt> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const query = {
      filename: upload.file.name,
      note: upload.note || undefined,
      part: upload.part,
      phase: upload.phase,
    };
    request.open('POST', urlOf(createSubmission, { params: { slug: upload.slug }, query }));
    request.setRequestHeader('accept', 'application/json');
    const body = bodyOf(upload);
    // A form names its own type, with the boundary between its parts.
    if (body === upload.file) request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('idempotency-key', upload.idempotencyKey);
    const cancel = () => request.abort();
    signal.addEventListener('abort', cancel, { once: true });
    request.upload.onprogress = (event) => onProgress(event.total === 0 ? 1 : event.loaded / event.total);
    request.onabort = () => reject(signal.reason);
    request.onerror = () => reject(unreachable());
    request.onloadend = () => signal.removeEventListener('abort', cancel);
    request.onload = () => {
      try {
        if (request.status >= 400) throw problemOf(request.status, request.responseText);
        resolve(parseAnswer(createSubmission.schema.response, request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.send(body);
  });
}

function bodyOf({ file, predictions }: Upload): File | FormData {
  if (predictions === undefined) return file;
  const form = new FormData();
  form.append('file', file);
  form.append('predictions', predictions);
  return form;
}

/** Waits, or until the browser is back on line. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', goOn);
      signal.removeEventListener('abort', stop);
    };
    const goOn = () => {
      end();
      resolve();
    };
    const stop = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(goOn, delayMs);
    window.addEventListener('online', goOn);
    signal.addEventListener('abort', stop);
  });
}
