import { describe, expect, it } from 'vitest';
import { parseUsage } from '../../../worker/executor/outcome.ts';

const parsed = (text: string) => parseUsage(Buffer.from(text));

describe('what a runner says that a program used', () => {
  it('is read as it was written, with the zeros that its file is filled up with', () => {
    expect(parsed('{"maxRssBytes": 1048576, "cpuSeconds": 1.5, "oomKills": 0}\0\0')).toMatchObject({
      maxRssBytes: 1_048_576,
      cpuSeconds: 1.5,
    });
  });

  it.each([
    ['half a byte, which no column of bytes takes', '{"maxRssBytes": 1048576.5}'],
    ['more than a number can say', '{"cpuSeconds": 1e999}'],
    ['less than nothing', '{"maxRssBytes": -1, "cpuSeconds": -1}'],
    ['words', '{"oomKills": "many"}'],
    ['no object', '[1]'],
    ['no JSON', '['.repeat(16_000)],
  ])('is nothing where a program has written nonsense in its place: %s', (_what, text) => {
    expect(parsed(text)).toEqual({});
  });
});
