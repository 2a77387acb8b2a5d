import { expect, it } from 'vitest';
import { localAddress } from './local-address.ts';

const origin = 'https://topk.example.edu';

it('comes back to a deep link with its query', () => {
  expect(localAddress('/competitions/digits/leaderboard?board=private', origin)).toBe(
    '/competitions/digits/leaderboard?board=private',
  );
});

it.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '///evil.example/x',
  '/.//evil.example',
  '/x/..//evil.example',
  'relative',
])('goes home instead of to %s', (next) => expect(localAddress(next, origin)).toBe('/'));
