import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import { DIGITS, getCompiled, getKernel, scoreBytes } from './support.ts';

const split = z.object({
  rows: z.number(),
  top1_hits: z.number(),
  top5_hits: z.number(),
  top1: z.number(),
  top5: z.number(),
});
const read = (name: string): Buffer => readFileSync(new URL(name, DIGITS));
const expected = z
  .record(z.string(), z.object({ all: split, public: split, private: split }))
  .parse(JSON.parse(read('expected.json').toString()));

let kernel: KernelModule;
beforeAll(async () => {
  kernel = await getKernel();
}, 60_000);

describe.each(Object.entries(expected))('%s on digits', (name, { all, ...splits }) => {
  const submission = read(`submissions/${name}.csv`);

  it.each(['public', 'private'] as const)('scores on the %s board what NumPy and scikit-learn do', (board) => {
    const { key } = getCompiled(kernel, read('solution.csv'), { sample: read('sample_submission.csv') });
    const verdict = scoreBytes(kernel, key, submission);
    if (verdict.kind !== 'scored') throw new Error(JSON.stringify(verdict));
    const { top1, top5 } = verdict.scores[board];
    const { rows, top1_hits, top5_hits, top1: value1, top5: value5 } = splits[board];
    expect(top1).toMatchObject({ rows, hits: top1_hits, value: value1 });
    expect(top5).toMatchObject({ rows, hits: top5_hits, value: value5 });
  });

  it('scores on both boards over all rows where the key has no Usage', () => {
    const withoutUsage = read('solution.csv')
      .toString()
      .replaceAll(/,(Usage|Public|Private)$/gm, '');
    const verdict = scoreBytes(kernel, getCompiled(kernel, withoutUsage).key, submission);
    if (verdict.kind !== 'scored') throw new Error(JSON.stringify(verdict));
    for (const board of ['public', 'private'] as const) {
      expect(verdict.scores[board]['top1']).toMatchObject({ rows: all.rows, hits: all.top1_hits, value: all.top1 });
      expect(verdict.scores[board]['top5']).toMatchObject({ rows: all.rows, hits: all.top5_hits, value: all.top5 });
    }
  });
});
