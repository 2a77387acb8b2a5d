import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import { decodeShape, encodeShape } from '../../../core/scoring/shape.ts';
import { getCompiled, getKernel, scoreBytes, toBytes } from './support.ts';

let kernel: KernelModule;
beforeAll(async () => {
  kernel = await getKernel();
}, 60_000);

const classes = ['cat', 'dog', 'wolf'];

describe('a shape', () => {
  it('is the same whatever the labels, the usage and the order of the key are', () => {
    const shapes = [
      'id,label,Usage\na,cat,Public\nb,dog,Private\nc,wolf,Private\n',
      'id,label,Usage\na,dog,Private\nb,dog,Public\nc,cat,Ignored\n',
      'id,label\nc,cat\nb,cat\na,wolf\n',
    ].map((text) => encodeShape(getCompiled(kernel, text, { classes }).key));
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
  });

  it('has the order of the sample, which students know', () => {
    const sample = 'id,label\nb,cat\nc,cat\na,cat\n';
    const shapes = ['id,label\na,cat\nb,dog\nc,wolf\n', 'id,label\nc,dog\na,cat\nb,cat\n'].map((text) =>
      encodeShape(getCompiled(kernel, text, { classes, sample }).key),
    );
    expect(shapes[1]).toEqual(shapes[0]);
    expect(
      Buffer.from(shapes[0] ?? [])
        .toString('latin1')
        .endsWith('bca'),
    ).toBe(true);
  });

  it('checks a file as the key does, and cannot score', () => {
    const { key } = getCompiled(kernel, 'id,label\n"é,1",cat\nb,wolf\n', { sample: 'id,best\nb,cat\n"é,1",cat\n' });
    const shape = decodeShape(kernel, encodeShape(key));
    expect(encodeShape(shape)).toEqual(encodeShape(key));
    for (const text of ['id,label\n"é,1",cat\nb,wolf\n', 'id,best\nb,cat\n"é,1",bear\n', 'id\n', '']) {
      const check = scoreBytes(kernel, shape, text, { check: true });
      expect(check).toEqual(scoreBytes(kernel, key, text, { check: true }));
      expect(scoreBytes(kernel, shape, text)).toEqual(check);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['other bytes', toBytes('id,label\na,b\n')],
  ])('is not made of %s', (_, bytes) => {
    expect(() => decodeShape(kernel, bytes)).toThrow('not a shape');
  });
});
