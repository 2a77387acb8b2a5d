import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, createPrefixedBody } from '../../api/http/prefixed-body.ts';

describe('a body with a shared beginning', () => {
  it.each([
    ['', ''],
    ['', 'end'],
    ['{"rows":[1,2,3],', '"me":null}'],
    ['ü€🙂'.repeat(20_000), 'ünd'.repeat(100)],
    ['x'.repeat(1_000_000), 'y'.repeat(65_535)],
  ])('is one gzip member that any reader unpacks', (prefix, suffix) => {
    const body = createPrefixedBody(prefix);
    for (const end of [suffix, suffix.slice(1)]) {
      expect(body.plain(end).toString()).toBe(prefix + end);
      expect(gunzipSync(body.gzip(end) ?? '').toString()).toBe(prefix + end);
    }
  });

  it('is left plain where the end is too long for one block', () => {
    expect(createPrefixedBody('a').gzip('x'.repeat(65_536))).toBeUndefined();
  });

  it('has gzip only for who accepts it', () => {
    for (const header of ['gzip', 'gzip, deflate, br', 'br;q=1, gzip;q=0.5', 'deflate,GZIP;q=0.01'])
      expect(acceptsGzip(header)).toBe(true);
    for (const header of [undefined, '', 'br', 'gzip;q=0', 'deflate, gzip; q=0.0, br'])
      expect(acceptsGzip(header)).toBe(false);
  });
});
