import { expect, it } from 'vitest';
import { wholeCharacters } from './live-text.ts';

it('leaves a character that is cut at the end for the next piece, wherever it is cut', () => {
  for (const character of ['é', '✓', '🧪']) {
    const bytes = Buffer.from(`ab${character}`);
    for (let length = 3; length < bytes.length; length += 1) {
      expect(wholeCharacters(bytes.subarray(0, length)), `${character} ${length}`).toBe(2);
    }
    expect(wholeCharacters(bytes)).toBe(bytes.length);
  }
});

it('does not wait for what is no UTF-8', () => {
  expect(wholeCharacters(Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80]))).toBe(5);
  expect(wholeCharacters(Buffer.from([0xff, 0x61]))).toBe(2);
  expect(wholeCharacters(Buffer.alloc(0))).toBe(0);
});
