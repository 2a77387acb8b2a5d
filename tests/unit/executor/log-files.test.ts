import { describe, expect, it } from 'vitest';
import { printedSince, totalOf, wholeLog } from '../../../worker/executor/log-files.ts';

const text = (parts: readonly { offset: number; bytes: Uint8Array }[]) =>
  parts.map(({ offset, bytes }) => [offset, Buffer.from(bytes).toString()]);

/** The runner's files after it has written `printed`, with 4 bytes of beginning and 5 of end. */
function files(printed: string) {
  const head = Buffer.alloc(4);
  const tail = Buffer.alloc(5);
  Buffer.from(printed).forEach((byte, at) => {
    if (at < 4) head[at] = byte;
    else tail[(at - 4) % 5] = byte;
  });
  const total = Buffer.alloc(8);
  total.writeBigUInt64LE(BigInt(printed.length));
  return { head, tail, total, usage: Buffer.alloc(0) };
}

describe('what was printed since', () => {
  it.each([
    ['', 0, []],
    ['ab', 0, [[0, 'ab']]],
    ['ab', 2, []],
    [
      'abcdef',
      1,
      [
        [1, 'bcd'],
        [4, 'ef'],
      ],
    ],
    [
      'abcdefghijk',
      0,
      [
        [0, 'abcd'],
        [6, 'ghijk'],
      ],
    ],
    ['abcdefghijk', 9, [[9, 'jk']]],
    [
      'abcdefghijklmnop',
      3,
      [
        [3, 'd'],
        [11, 'lmnop'],
      ],
    ],
  ])('%j from %i', (printed, from, expected) => {
    expect(text(printedSince(files(printed), from, printed.length, printed.length))).toEqual(expected);
  });

  it('leaves out what the writer may have gone over while it was read, and what it had not counted', () => {
    expect(text(printedSince(files('abcdefghijkl'), 4, 10, 12))).toEqual([[7, 'hij']]);
    expect(text(printedSince(files('abcdefghijkl'), 4, 10, 30))).toEqual([]);
  });
});

it('believes no count beyond what can be, and no files that are not whole', () => {
  const total = Buffer.alloc(8, 0xff);
  expect(totalOf({ ...files(''), total })).toBe(2 ** 50);
  expect(totalOf({ ...files(''), total: Buffer.alloc(3) })).toBe(0);
  const none = Buffer.alloc(0);
  expect(wholeLog({ head: none, tail: none, total, usage: none })).toEqual({
    head: new Uint8Array(),
    tail: new Uint8Array(),
    skipped: 2 ** 50,
  });
});

it('keeps beginning and end, and counts what lies between', () => {
  const { head, tail, skipped } = wholeLog(files('abcdefghijk'));
  expect([Buffer.from(head).toString(), Buffer.from(tail).toString(), skipped]).toEqual(['abcd', 'ghijk', 2]);
});
