import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import { makeNpy } from '../../golden/make-npy.ts';
import { createRandom, getCompiled, getKernel, problemsOf, scoreBytes } from './support.ts';

let kernel: KernelModule;
beforeAll(async () => {
  kernel = await getKernel();
}, 60_000);

const FORMS = [
  ['<f2', (values: number[]) => new Uint8Array(Uint16Array.from(values, toHalf).buffer)],
  ['<f4', (values: number[]) => new Uint8Array(Float32Array.from(values).buffer)],
  ['<f8', (values: number[]) => new Uint8Array(Float64Array.from(values).buffer)],
] as const;
const METRICS = ['top1', 'topk(3)', 'top5', 'topk(100)'];

/** Multiples of 1/8 between -8 and 8 are exact in half precision: sign, exponent, ten bits of fraction. */
function toHalf(value: number): number {
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  if (value === 0) return sign;
  if (Number.isNaN(value)) return 0x7e00;
  if (!Number.isFinite(value)) return sign | 0x7c00;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return sign | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1_024);
}

describe.each(FORMS)('an array of %s', (descr, toBytes) => {
  it('ranks as a stable sort does, ties to the lower class', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed);
      const rows = 1 + random(9);
      const classes = 1 + random(seed % 3 === 0 ? 200 : 40);
      const truth = Array.from({ length: rows }, () => random(classes));
      const key = `id,label\n${truth.map((label, row) => `r${row},${label}`).join('\n')}`;
      const names = Array.from({ length: classes }, (_, i) => String(i));
      // Few distinct values, so that ties are common; in every other file the two zeros are the best.
      const values = Array.from({ length: rows * classes }, () =>
        random(9) === 0 ? -0 : (random(seed % 2 === 0 ? 33 : 17) - 16) / 8,
      );
      const file = makeNpy(`'${descr}'`, `(${rows}, ${classes})`, toBytes(values));
      const expected = Object.fromEntries(METRICS.map((name) => [name, 0]));
      for (const [row, label] of truth.entries()) {
        const scores = values.slice(row * classes, (row + 1) * classes);
        const order = names.map(Number).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
        for (const [i, k] of [1, 3, 5, 100].entries()) {
          if (order.slice(0, k).includes(label)) expected[METRICS[i] ?? ''] = (expected[METRICS[i] ?? ''] ?? 0) + 1;
        }
      }
      const compiled = getCompiled(kernel, key, { classes: names });
      for (const chunkBytes of [1e9, 17]) {
        const verdict = scoreBytes(kernel, compiled.key, file, { metrics: METRICS, chunkBytes });
        if (verdict.kind !== 'scored') throw new Error(JSON.stringify(verdict));
        const hits = Object.fromEntries(METRICS.map((name) => [name, verdict.scores.public[name]?.hits]));
        expect(hits).toEqual(expected);
      }
      expect(scoreBytes(kernel, compiled.key, file, { check: true }).kind).toBe('valid');
    }
  });

  it('is refused wherever one value is not finite', () => {
    const { key } = getCompiled(kernel, 'id,label\na,2\nb,15\n', {
      classes: Array.from({ length: 37 }, (_, i) => String(i)),
    });
    for (let at = 0; at < 74; at++) {
      for (const odd of [NaN, Infinity, -Infinity]) {
        const values = Array.from({ length: 74 }, (_, i) => (i === at ? odd : i / 8 - 4));
        const file = makeNpy(`'${descr}'`, '(2, 37)', toBytes(values));
        for (const check of [false, true]) {
          const verdict = scoreBytes(kernel, key, file, { check });
          expect(verdict).toMatchObject({
            kind: 'rejected',
            report: {
              errors: [{ code: 'not-finite', row: Math.floor(at / 37), column: String(at % 37) }],
              moreErrors: 0,
            },
          });
        }
      }
    }
  });
});

describe('an array', () => {
  it('lists ten rows that are not finite and counts the others', () => {
    const { key } = getCompiled(
      kernel,
      `id,label\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2}`).join('\n')}`,
    );
    const file = makeNpy(`'<f4'`, '(40, 2)', new Uint8Array(Float32Array.from({ length: 80 }, () => NaN).buffer));
    expect(scoreBytes(kernel, key, file)).toMatchObject({ report: { errors: { length: 10 }, moreErrors: 30 } });
  });

  it('follows the order of the sample submission', () => {
    const { key } = getCompiled(kernel, 'id,label\na,0\nb,1\n', { sample: 'id,label\nb,0\na,0\n' });
    const file = makeNpy(`'<f4'`, '(2, 2)', new Uint8Array(Float32Array.of(0, 1, 0, 1).buffer));
    expect(scoreBytes(kernel, key, file, { metrics: ['top1'] })).toMatchObject({ hits: { top1: Uint8Array.of(0b10) } });
  });

  it.each([
    [1, 'bad-npy'],
    [12, 'bad-npy'],
  ])('is refused when %i bytes follow its last row, even in a piece of their own', (count, code) => {
    const { key } = getCompiled(kernel, 'id,label\na,0\nb,1\n');
    const file = Buffer.concat([makeNpy(`'<f4'`, '(2, 2)', new Uint8Array(16)), new Uint8Array(count)]);
    expect(problemsOf(scoreBytes(kernel, key, file))).toEqual([`-:${code}`]);
    expect(problemsOf(scoreBytes(kernel, key, file, { chunkBytes: file.length - count }))).toEqual([`-:${code}`]);
  });
});
