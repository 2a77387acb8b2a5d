import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingPlatforms } from '../../dev/lock-platforms.ts';

describe('package-lock.json', () => {
  it('names the packages of every platform, without which npm ci refuses it (mend it with: node dev/lock-platforms.ts)', () => {
    expect(missingPlatforms(readFileSync('package-lock.json', 'utf8')).map(({ path }) => path)).toEqual([]);
  });

  it('is found wanting when one is missing', () => {
    const lock = {
      packages: { 'node_modules/tool': { version: '1.0.0', optionalDependencies: { '@tool/linux-x64': '^1.0.0' } } },
    };
    expect(missingPlatforms(JSON.stringify(lock))).toEqual([
      {
        path: 'node_modules/tool/node_modules/@tool/linux-x64',
        entry: { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
      },
    ]);
  });
});
