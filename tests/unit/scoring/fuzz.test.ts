import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isGzip } from '../../../core/scoring/gzip.ts';
import { keyUrl, readCases } from '../../golden/cases.ts';
import { createRandom, getCompiled, getKernel, scoreBytes } from './support.ts';

it('gives one verdict on any bytes, however they arrive, and never throws', async () => {
  const kernel = await getKernel();
  const random = createRandom(20_26);
  for (const golden of readCases()) {
    const original = await golden.bytes();
    if (isGzip(original) || original.length > 5_000) continue;
    const { key } = getCompiled(kernel, readFileSync(keyUrl(golden.key)));
    for (let round = 0; round < 25; round++) {
      const bytes = spoil(original, random);
      const whole = scoreBytes(kernel, key, bytes);
      const pieces = { chunkBytes: 1 + random(bytes.length + 1) };
      expect(
        scoreBytes(kernel, key, bytes, { ...pieces, useKernel: false }),
        Buffer.from(bytes).toString('latin1'),
      ).toEqual(whole);
    }
  }
});

/** Flips, cuts, repeats or inserts a few bytes. */
function spoil(original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let i = 1 + random(3); i > 0; i--) {
    const at = random(bytes.length + 1);
    const action = random(4);
    if (action === 0 && at < bytes.length) bytes[at] = random(256);
    else if (action === 1) bytes = bytes.slice(0, at);
    else if (action === 2) bytes = Uint8Array.from([...bytes.slice(0, at), random(256), ...bytes.slice(at)]);
    else bytes = Uint8Array.from([...bytes, ...bytes.slice(at)]);
  }
  return bytes;
}
