import { describe, expect, it } from 'vitest';
import { csvOf } from '../../core/csv.ts';

describe('CSV that is written', () => {
  it('quotes what needs it, and ends each line as RFC 4180 says', () => {
    expect(
      csvOf([
        ['a', 'b,c', 'say "x"'],
        ['two\nlines', 'semi;colon', ''],
      ]),
    ).toBe('a,"b,c","say ""x"""\r\n"two\nlines","semi;colon",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=x'])('takes the power of the formula %j', (text) => {
    expect(csvOf([[text]])).toMatch(/^"?'/);
  });

  it('leaves numbers numbers, and what is not there empty', () => {
    expect(csvOf([[-1.5, 0, null, 1e21]])).toBe('-1.5,0,,1e+21\r\n');
  });
});
