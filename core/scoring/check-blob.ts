import type { AnswerKey } from './key-memory.ts';
import type { Kernel } from './kernel/kernel.ts';
import { openScorer, type Scorer, type Verdict } from './predictions.ts';
import { isGzip } from './gzip.ts';

/** `unchecked`: this browser cannot unpack the file; the server can. */
export type BlobVerdict = Exclude<Verdict, { kind: 'scored' }> | { kind: 'unchecked'; reason: string };

export type CheckBlobOptions = { maxBytes: number; signal?: AbortSignal };

/**
 * Checks a file in the browser as the server would, before it is uploaded. Reads it as a stream, in bounded memory; runs on one
 * shape must not overlap. Rejects with the signal's reason when aborted.
 */
export async function checkBlob(
  shape: AnswerKey,
  kernel: Kernel,
  blob: Blob,
  { maxBytes, signal }: CheckBlobOptions,
): Promise<BlobVerdict> {
  const scorer = openScorer({ key: shape, kernel, metrics: undefined, maxBytes });
  const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (blob.size > maxBytes) scorer.tooLarge();
  else if (!isGzip(head)) await feed(blob.stream(), scorer, signal);
  else {
    try {
      await feed(blob.stream().pipeThrough(new DecompressionStream('gzip')), scorer, signal);
    } catch {
      signal?.throwIfAborted();
      // Browsers unpack one gzip member and call a second one damage, so what fails here may still be good.
      return { kind: 'unchecked', reason: 'This browser cannot unpack the file; it is checked after the upload.' };
    }
  }
  const verdict = scorer.finish();
  if (verdict.kind === 'scored') throw new Error('a shape has no labels to score with');
  return verdict;
}

async function feed(
  stream: ReadableStream<Uint8Array>,
  scorer: Scorer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reader = stream.getReader();
  try {
    while (true) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done || !scorer.push(value)) return;
    }
  } finally {
    // A file of which no more is wanted: whether cancelling it works does not matter.
    await reader.cancel().catch(() => undefined);
  }
}
