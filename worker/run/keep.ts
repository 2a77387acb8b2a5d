import { createReadStream } from 'node:fs';
import type { Blob, BlobStore } from '../../core/blobs/store.ts';
import { cleanLog } from '../../core/log-text.ts';
import type { Outcome, OutputFile } from '../executor/executor.ts';

export interface KeptLog extends Blob {
  readonly skipped: number;
  readonly text: string;
}

export async function keepLog(blobs: BlobStore, log: Outcome['log']): Promise<KeptLog> {
  const text = cleanLog(log);
  const bytes = Buffer.from(text);
  return { ...(await put(blobs, [bytes], bytes.length)), skipped: log.skipped, text };
}

/** Undefined where there is no such file. @throws where its bytes are not those that were fetched */
export async function keepFile(blobs: BlobStore, file: OutputFile | undefined): Promise<Blob | undefined> {
  if (file?.kind !== 'file') return undefined;
  const blob = await put(blobs, createReadStream(file.file), file.bytes);
  if (blob.hash !== file.sha256) throw new Error('an output changed between its fetch and its keeping');
  return blob;
}

async function put(
  blobs: BlobStore,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<Blob> {
  const outcome = await blobs.put(pieces(source), maxBytes);
  if (outcome.kind === 'too-large') throw new Error('an output grew between its fetch and its keeping');
  return outcome.blob;
}

async function* pieces(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  yield* source;
}
