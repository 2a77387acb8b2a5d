import { describe, expect, it } from 'vitest';
import { canPreview, previewOf } from './preview.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the preview of a data file', () => {
  it('is its header and first rows', () => {
    expect(previewOf('train.csv', bytes('id,x\na,1\r\n"b ""c""","1,5"\n'), true)).toEqual({
      kind: 'table',
      head: ['id', 'x'],
      rows: [
        ['a', '1'],
        ['b "c"', '1,5'],
      ],
      moreColumns: 0,
    });
    const long = previewOf('TRAIN.CSV', bytes(`id\n${'a\n'.repeat(1000)}`), true);
    expect(long.kind === 'table' ? long.rows : []).toHaveLength(10);
  });

  it('leaves out the row that is broken off', () => {
    expect(previewOf('a.csv', bytes('id,x\na,1\nb,2'), false)).toMatchObject({ rows: [['a', '1']] });
    expect(previewOf('a.csv', bytes('id,x\na,1\nb,2'), true)).toMatchObject({
      rows: [
        ['a', '1'],
        ['b', '2'],
      ],
    });
    expect(previewOf('a.csv', bytes('id,x\na,"1\n'), false)).toMatchObject({ rows: [] });
  });

  it('cuts what a page can’t hold', () => {
    const wide = previewOf('a.csv', bytes(`${'c,'.repeat(3000)}c\n${'x'.repeat(5000)}\n`), true);
    expect(wide).toMatchObject({ kind: 'table', moreColumns: 2977 });
    expect(wide.kind === 'table' ? wide.rows[0]?.[0]?.length : 0).toBeLessThan(130);
  });

  it('is the first lines of what is no table, and of bytes that are no text', () => {
    expect(previewOf('notes.txt', bytes('one\ntwo\nthr'), false)).toEqual({ kind: 'text', lines: ['one', 'two'] });
    expect(previewOf('a.csv', bytes('a"b\n"c"d,\n'), true).kind).toBe('text');
    expect(previewOf('a.csv', Uint8Array.from([0xff, 0xfe, 0, 0x0a]), true).kind).toBe('table');
    expect(previewOf('a.csv', bytes(''), true)).toEqual({ kind: 'text', lines: [''] });
  });

  it('is offered for texts only', () => {
    expect(['a.csv', 'b.JSON', 'c.py'].every(canPreview)).toBe(true);
    expect(['a.zip', 'b.npy', 'csv', 'c.csv.gz'].some(canPreview)).toBe(false);
  });
});
