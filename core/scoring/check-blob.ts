import type { AnswerKey } from './key-memory.ts'
import type { Kernel } from './kernel/kernel.ts'
import { openScorer, type Scorer, type Verdict } from './predictions.ts'
import { gzipTruncated, isGzip } from './gzip.ts'

/** `unchecked`: this browser cannot unpack the file; the server can. */
export type BlobVerdict = Exclude<Verdict, { kind: 'scored' }> | { kind: 'unchecked'; reason: string }

export type CheckBlobOptions = { maxBytes: number; signal?: AbortSignal }

/**
 * Checks a file in the browser as the server would, before it is uploaded. Reads it as a stream, in bounded memory; runs on one
 * shape must not overlap. Rejects with the signal's reason when aborted.
 */
export async function checkBlob(shape: AnswerKey, kernel: Kernel, blob: Blob, { maxBytes, signal }: CheckBlobOptions): Promise<BlobVerdict> {
  const scorer = openScorer({ key: shape, kernel, metrics: undefined, maxBytes })
  const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer())
  if (blob.size > maxBytes) scorer.tooLarge()
  else if (!isGzip(head)) await feed(blob.stream(), scorer, signal)
  else {
    const unpacked = await feedGzip(blob, scorer, signal)
    if (unpacked !== undefined) return unpacked
  }
  const verdict = scorer.finish()
  if (verdict.kind === 'scored') throw new Error('a shape has no labels to score with')
  return verdict
}

async function feed(stream: ReadableStream<Uint8Array>, scorer: Scorer, signal: AbortSignal | undefined): Promise<void> {
  const reader = stream.getReader()
  try {
    while (true) {
      signal?.throwIfAborted()
      const { done, value } = await reader.read()
      if (done || !scorer.push(value)) return
    }
  } finally {
    // A file of which no more is wanted: whether cancelling it works does not matter.
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * Browsers unpack one gzip member and take a second one for damage, so bad data leaves the file to the server. A file that ends
 * too soon shows only when the stream is closed, and that is certain.
 */
async function feedGzip(blob: Blob, scorer: Scorer, signal: AbortSignal | undefined): Promise<BlobVerdict | undefined> {
  const unpack = new DecompressionStream('gzip')
  const writer = unpack.writable.getWriter()
  let allWritten = false
  const writing = (async () => {
    const source = blob.stream().getReader()
    try {
      while (true) {
        const { done, value } = await source.read()
        if (done) break
        await writer.write(value)
      }
      allWritten = true
      await writer.close()
    } finally {
      await source.cancel().catch(() => undefined)
    }
  })()
  // Its failure shows in the reading below as well; here it only must not go unhandled.
  writing.catch(() => undefined)
  try {
    await feed(unpack.readable, scorer, signal)
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof Error)) throw error
    if (allWritten) scorer.fail('truncated', gzipTruncated)
    return allWritten ? undefined : { kind: 'unchecked', reason: 'This browser cannot unpack the file; it is checked after the upload.' }
  } finally {
    await writer.abort().catch(() => undefined)
  }
}
