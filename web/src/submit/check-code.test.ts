import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkCode, kindOf } from './check-code.ts';

const place = {
  slug: 'digits',
  phase: undefined,
  maxBytes: 1_000_000,
  accepts: ['predictions', 'code', 'notebook'],
} as const;
const { signal } = new AbortController();
const notebook = JSON.stringify({ nbformat: 4, cells: [{ cell_type: 'code', source: 'print(1)', outputs: [] }] });

afterEach(() => vi.unstubAllGlobals());

describe('kindOf', () => {
  it('knows code from predictions, and takes nothing for code where none is accepted', async () => {
    const script = new File(['print(1)'], 'train.PY');
    expect(await kindOf(script, place.accepts)).toBe('script');
    expect(await kindOf(new File(['id,label_1'], 'x.csv'), place.accepts)).toBe('other');
    expect(await kindOf(script, ['predictions'])).toBe('other');
  });
});

describe('checkCode', () => {
  it('takes a script and a notebook that are in order', async () => {
    expect(await checkCode(new File(['print(1)'], 'main.py'), 'script', place, signal)).toMatchObject({ kind: 'code' });
    expect(await checkCode(new File([notebook], 'a.ipynb'), 'notebook', place, signal)).toMatchObject({ kind: 'code' });
  });

  it.each([
    ['a script in Latin-1', 'script', new Uint8Array([0x23, 0xe9, 0x0a]), 'Line 1 is not UTF-8'],
    ['a damaged notebook', 'notebook', '{"nbformat": 4, "cells": [', 'damaged'],
    ['an old notebook', 'notebook', '{"nbformat":3,"cells":[]}', 'format 3'],
    ['a script that is too large', 'script', 'x'.repeat(1_000_001), 'Send data beside it in a zip'],
  ] as const)('refuses %s, with the remedy', async (_what, sent, content, words) => {
    const outcome = await checkCode(new File([content], 'x'), sent, place, signal);
    expect(outcome.kind === 'rejected' && outcome.errors[0]?.message).toContain(words);
  });

  it('refuses a kind that the phase does not take', async () => {
    const outcome = await checkCode(
      new File(['print(1)'], 'main.py'),
      'script',
      { ...place, accepts: ['notebook'] },
      signal,
    );
    expect(outcome.kind).toBe('rejected');
  });

  it('asks the server about an archive', async () => {
    const asked: string[] = [];
    const result = { valid: false, errors: [{ path: '../x', message: 'leads out' }], moreErrors: 2, notices: [] };
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url);
      return Promise.resolve(new Response(JSON.stringify(result)));
    });
    const outcome = await checkCode(new File(['PK'], 'a b.zip'), 'archive', place, signal);
    expect(asked).toEqual(['/api/v1/competitions/digits/check?filename=a+b.zip']);
    expect(outcome).toEqual({ kind: 'rejected', errors: result.errors, moreErrors: 2 });
  });

  it('lets an archive be sent where the server can’t be asked', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect((await checkCode(new File(['PK'], 'a.zip'), 'archive', place, signal)).kind).toBe('unchecked');
  });
});
