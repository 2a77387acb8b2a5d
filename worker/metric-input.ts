import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** `reason` is for the student. */
export type MetricInput =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'rejected'; readonly reason: string };

const gzip = '\x1f\x8b';

/**
 * Predictions as a custom metric can read them. What is packed is unpacked here, within the competition's limit: in the container it would end as a
 * failure of the metric.
 * @param scratch a folder for what is unpacked
 */
export async function metricInput(file: string, scratch: string, maxBytes: number): Promise<MetricInput> {
  const magic = await firstBytes(file);
  if (magic === '\x93NUMPY')
    return {
      kind: 'rejected',
      reason:
        'This competition’s metric reads CSV files, and this is a NumPy array. Write a CSV as in the sample submission.',
    };
  if (!magic.startsWith(gzip)) return { kind: 'file', file };
  const unpacked = join(scratch, 'submission.csv');
  let total = 0;
  const bounded = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      total += chunk.length;
      if (total > maxBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), bounded, createWriteStream(unpacked));
  } catch (error) {
    if (error instanceof TooLarge)
      return { kind: 'rejected', reason: `The file is larger than ${maxBytes} bytes once it is unpacked.` };
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    return { kind: 'rejected', reason: 'The gzip file is damaged or cut off. Pack it again, or send it as it is.' };
  }
  if ((await firstBytes(unpacked)).startsWith(gzip))
    return { kind: 'rejected', reason: 'The file is packed twice. Pack it once, or send it as it is.' };
  return { kind: 'file', file: unpacked };
}

class TooLarge extends Error {}

async function firstBytes(file: string): Promise<string> {
  const magic = Buffer.alloc(6);
  const handle = await open(file, 'r');
  try {
    const { bytesRead } = await handle.read(magic, 0, magic.length, 0);
    return magic.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
