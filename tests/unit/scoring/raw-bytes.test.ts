import { describe, expect, it } from 'vitest';
import { getCompiled, getKernel, problemsOf, scoreBytes } from './support.ts';

/** Ids and classes that mean something else when they stand in a file without quotes: the kernel compares raw bytes. */
const KEY = 'id,label\n"a,1",x\n"""b""","p,q"\nc,"""y"""\nd,x\n';

describe('bytes of a name that stand in a file undecoded', () => {
  it.each([
    ['an id with a comma', 'a,1,x\n"""b""",x\nc,x\nd,x\n', ['2:wrong-field-count', '-:missing-id']],
    ['an id in quotes', '"a,1",x\n"b",x\nc,x\nd,x\n', ['3:unknown-id', '-:missing-id']],
    ['an id in quotes, in another order', 'd,x\n"b",x\nc,x\n"a,1",x\n', ['3:unknown-id', '-:missing-id']],
    ['a class with a comma', '"a,1",x\n"""b""",p,q\nc,x\nd,x\n', ['3:wrong-field-count']],
    ['a class in quotes', '"a,1",x\n"""b""",x\nc,"y"\nd,x\n', ['4:unknown-label']],
  ])('are not that name: %s', async (_, rows, expected) => {
    const kernel = await getKernel();
    const { key } = getCompiled(kernel, KEY);
    for (const useKernel of [true, false]) {
      expect(problemsOf(scoreBytes(kernel, key, `id,label\n${rows}`, { useKernel }))).toEqual(expected);
    }
  });

  it('are that name once they are quoted', async () => {
    const kernel = await getKernel();
    const { key } = getCompiled(kernel, KEY);
    const verdict = scoreBytes(kernel, key, 'id,label\n"a,1",x\n"""b""","p,q"\nc,"""y"""\nd,x\n', {
      metrics: ['top1'],
    });
    expect(verdict).toMatchObject({ kind: 'scored', scores: { public: { top1: { hits: 4 } } } });
  });
});
