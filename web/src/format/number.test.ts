import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatMemory, formatScore, formatValue } from './number.ts';

describe('formatBytes', () => {
  it('writes decimal units with one decimal below ten', () => {
    expect([0, 999, 1000, 17_432, 950_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '17 kB', '950 MB']);
  });
});

describe('formatMemory', () => {
  it('writes binary units, as limits are set', () => {
    const sizes = [0, 1023, 1024, 512 * 2 ** 20, 1.94 * 2 ** 30, 80 * 2 ** 30];
    expect(sizes.map(formatMemory)).toEqual(['0 B', '1023 B', '1.0 KiB', '512 MiB', '1.9 GiB', '80 GiB']);
  });
});

describe('formatScore', () => {
  it('tells two neighbouring counts apart up to a million rows', () => {
    for (const rows of [306, 10_000, 950_000])
      expect(formatScore(1 / rows, rows)).not.toBe(formatScore(2 / rows, rows));
  });

  it('shows at least four decimals', () => expect(formatScore(1, 10)).toBe('1.0000'));
});

describe('formatValue', () => {
  it('writes six significant digits of a value of any size', () => {
    const values = [0, 0.5, -0.123456789, 1234.5678, 123_456_789, 1.2e-9, -3e21];
    const written = ['0', '0.5', '-0.123457', '1,234.57', '123,457,000', '1.2e-9', '-3e+21'];
    expect(values.map(formatValue)).toEqual(written);
  });
});

describe('formatCount', () => {
  it('agrees with its noun', () =>
    expect([formatCount(1, 'row'), formatCount(1200, 'row')]).toEqual(['1 row', '1,200 rows']));
});
