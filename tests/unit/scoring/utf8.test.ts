import { expect, it } from 'vitest';
import { findInvalidUtf8 } from '../../../core/scoring/utf8.ts';
import { createRandom } from './support.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

it('knows UTF-8 as a strict decoder does: no overlong forms, no surrogates, nothing beyond U+10FFFF', () => {
  const random = createRandom(8);
  const edges = [
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4,
    0xf5, 0xff,
  ];
  for (let i = 0; i < 200_000; i++) {
    const bytes = Uint8Array.from({ length: 1 + random(5) }, () => edges[random(edges.length)] ?? 0);
    expect(findInvalidUtf8(bytes, 0, bytes.length) < 0, String(bytes)).toBe(isValid(bytes));
  }
});

it('says where the first invalid byte is', () => {
  expect(findInvalidUtf8(Uint8Array.of(0x41, 0xc3, 0xa9, 0xe9, 0x41), 0, 5)).toBe(3);
});
