import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScoringPool, type ScoreInput, type ScoringPool } from '../../../core/scoring-pool/pool.ts';
import { decodeShape } from '../../../core/scoring/shape.ts';
import { DIGITS, getKernel, scoreBytes } from './support.ts';

const digits = (name: string): string => fileURLToPath(new URL(name, DIGITS));
const forest: ScoreInput = {
  file: digits('submissions/random_forest.csv'),
  keyFile: digits('solution.csv'),
  keyHash: 'digits',
  sampleFile: digits('sample_submission.csv'),
  metrics: ['top1', 'top5'],
  maxBytes: 1_000_000,
};

let pool: ScoringPool;
let folder: string;
beforeAll(async () => {
  await getKernel();
  pool = createScoringPool({ threads: 2, maxKeyBytes: 100_000_000 });
  folder = mkdtempSync(join(tmpdir(), 'pool-'));
}, 60_000);
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A key and a file that keep a thread busy for a while. */
function putSlow(): ScoreInput {
  const rows = Array.from({ length: 300_000 }, (_, i) => `row_${i},${i % 10}`).join('\n');
  const file = put('slow.csv', gzipSync(`id,label\n${rows.replaceAll('row_', '"row"_')}\n`, { level: 1 }));
  return {
    file,
    keyFile: put('slow-key.csv', `id,label\n${rows}\n`),
    keyHash: 'slow',
    metrics: ['top1'],
    maxBytes: 1e9,
  };
}

describe('the scoring pool', () => {
  it('scores many files at once on one key, each as if alone', async () => {
    const names = ['random_forest', 'logistic_regression', 'decision_tree_depth4'];
    const inputs = Array.from({ length: 60 }, (_, i) => ({
      ...forest,
      file: digits(`submissions/${names[i % 3]}.csv`),
    }));
    const verdicts = await Promise.all(inputs.map((input) => pool.score(input)));
    const hits = verdicts.map((verdict) =>
      verdict.kind === 'scored' ? verdict.scores.private['top1']?.hits : 'rejected',
    );
    expect(hits).toEqual(Array.from({ length: 60 }, (_, i) => [477, 472, 266][i % 3]));
  });

  it('compiles a key to a summary and a shape that a browser can check with', async () => {
    const result = await pool.compileKey({
      file: forest.keyFile,
      sampleFile: digits('sample_submission.csv'),
      maxBytes: 1e6,
    });
    if (result.kind === 'rejected') throw new Error(JSON.stringify(result.report));
    expect(result.summary).toMatchObject({ rows: 797, public: 306, private: 491, ignored: 0 });
    const kernel = await getKernel();
    const shape = decodeShape(kernel, result.shape);
    expect(scoreBytes(kernel, shape, 'id,label\n', { check: true })).toMatchObject({ kind: 'rejected' });
  });

  it('checks without scores', async () => {
    expect(await pool.check(forest)).toEqual({ kind: 'valid', rows: 797, notices: [] });
  });

  it('says which file of a key is wrong', async () => {
    const key = put('key.csv', 'id,label\na,1\na,1\n');
    expect(await pool.compileKey({ file: key, maxBytes: 1e6 })).toMatchObject({ kind: 'rejected', source: 'key' });
    const sampleFile = put('sample.csv', 'id,label\n');
    expect(await pool.compileKey({ file: key, sampleFile, maxBytes: 1e6 })).toMatchObject({
      kind: 'rejected',
      source: 'sample',
    });
    expect(
      await pool.compileKey({ file: put('cut.csv.gz', gzipSync('id,label\n').subarray(0, 20)), maxBytes: 1e6 }),
    ).toMatchObject({
      kind: 'rejected',
      report: { errors: [{ code: 'truncated' }] },
    });
  });

  it('rejects only for our own faults, and works on after them', async () => {
    await expect(pool.score({ ...forest, file: join(folder, 'nowhere.csv') })).rejects.toThrow('ENOENT');
    await expect(pool.score({ ...forest, keyHash: 'x', keyFile: join(folder, 'nowhere.csv') })).rejects.toThrow(
      'ENOENT',
    );
    await expect(pool.score({ ...forest, keyHash: 'y', keyFile: put('bad.csv', 'id\n') })).rejects.toThrow(
      'does not compile',
    );
    await expect(pool.score({ ...forest, metrics: ['rmse'] })).rejects.toThrow('no metric "rmse"');
    expect((await pool.score(forest)).kind).toBe('scored');
  });

  it('tries a key again that could not be read the first time', async () => {
    const keyFile = join(folder, 'late.csv');
    const input = { ...forest, sampleFile: forest.keyFile, keyHash: 'late', keyFile };
    await expect(pool.score(input)).rejects.toThrow('ENOENT');
    put('late.csv', 'id,label,Usage\na,1,Public\n');
    await expect(pool.score(input)).rejects.toThrow('does not compile');
  });

  it('stops a running job when it is aborted, and leaves the others alone', async () => {
    const slow = putSlow();
    await pool.check({ ...slow, file: forest.file });
    for (let round = 0; round < 12; round++) {
      const aborting = new AbortController();
      const aborted = pool.score(slow, aborting.signal);
      const other = pool.score(forest);
      setImmediate(() => aborting.abort());
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
      expect((await other).kind).toBe('scored');
    }
    expect(await pool.score(slow)).toMatchObject({ kind: 'rejected', report: { errors: { length: 10 } } });
  });

  it('starts nothing for a signal that was aborted before', async () => {
    await expect(pool.score(forest, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('holds keys up to a limit, and compiles again what it dropped', async () => {
    const small = createScoringPool({ threads: 1, maxKeyBytes: 2_000_000 });
    try {
      for (let round = 0; round < 2; round++) {
        for (let i = 0; i < 4; i++) {
          const keyFile = put(`key-${i}.csv`, `id,label\nrow,${i}\n`);
          const file = put(`file-${i}.csv`, `id,label\nrow,${i}\n`);
          const verdict = await small.score({ file, keyFile, keyHash: `k${i}`, metrics: ['top1'], maxBytes: 1e6 });
          expect(verdict).toMatchObject({ kind: 'scored', scores: { public: { top1: { hits: 1, rows: 1 } } } });
        }
      }
    } finally {
      await small.close();
    }
  });
});
