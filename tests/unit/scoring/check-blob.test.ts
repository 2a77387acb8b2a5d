import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBlob } from '../../../core/scoring/check-blob.ts';
import { startKernel, type KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import { decodeShape, encodeShape } from '../../../core/scoring/shape.ts';
import { getCompiled, getKernel } from './support.ts';

let module: KernelModule;
beforeAll(async () => {
  module = await getKernel();
}, 60_000);

const rows = Array.from({ length: 200_000 }, (_, i) => `row_${i},${i % 10}`).join('\n');
const text = `id,label\n${rows}\n`;

function check(blob: Blob, options: { maxBytes?: number; signal?: AbortSignal } = {}) {
  const shape = decodeShape(module, encodeShape(getCompiled(module, text).key));
  return checkBlob(shape, startKernel(module, shape.memory), blob, { maxBytes: 1e8, ...options });
}

describe('the check in a browser', () => {
  it('takes a file of many pieces, plain and packed', async () => {
    const valid = { kind: 'valid', rows: 200_000, notices: [] };
    expect(await check(new Blob([text]))).toEqual(valid);
    expect(await check(new Blob([gzipSync(text)]))).toEqual(valid);
  });

  it('reads nothing of a file over the limit, and stops unpacking at it', async () => {
    const tooLarge = { kind: 'rejected', report: { errors: [{ code: 'too-large' }], moreErrors: 0 } };
    const unread = new Blob([text]);
    unread.stream = () => {
      throw new Error('it was read');
    };
    expect(await check(unread, { maxBytes: 1_000 })).toMatchObject(tooLarge);
    const bomb = gzipSync(Buffer.alloc(30_000_000, '\n'), { level: 1 });
    expect(await check(new Blob([bomb]), { maxBytes: 1_000_000 })).toMatchObject(tooLarge);
  });

  it('leaves to the server what it cannot unpack', async () => {
    expect((await check(new Blob([gzipSync(text).subarray(0, 5_000)]))).kind).toBe('unchecked');
  });

  it('stops when aborted', async () => {
    await expect(check(new Blob([text]), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const aborting = new AbortController();
    const checking = check(new Blob([gzipSync(text)]), { signal: aborting.signal });
    aborting.abort();
    await expect(checking).rejects.toMatchObject({ name: 'AbortError' });
  });
});
