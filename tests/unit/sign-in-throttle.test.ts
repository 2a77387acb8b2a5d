import { expect, it } from 'vitest';
import { createSignInThrottle } from '../../api/auth/sign-in-throttle.ts';

const from = { ip: '192.0.2.1', email: 'ada@example.edu' };
const wrong = async () => await Promise.resolve(false);
const right = async () => await Promise.resolve(true);

it('lets a person try again after a quarter of an hour', async () => {
  let nowMs = 0;
  const throttle = createSignInThrottle('wrong passwords', () => nowMs);
  for (let i = 0; i < 10; i++) expect(await throttle.attempt(from, wrong)).toBe(false);
  await expect(throttle.attempt(from, right)).rejects.toMatchObject({
    type: 'too-many-requests',
    extra: { retryAfterS: 900 },
  });
  nowMs = 15 * 60_000;
  expect(await throttle.attempt(from, right)).toBe(true);
});

it('counts no sign-in that went well', async () => {
  const throttle = createSignInThrottle('wrong passwords', () => 0);
  for (let i = 0; i < 400; i++) expect(await throttle.attempt(from, right)).toBe(true);
});

it('hinders neither others at the same place nor the same person elsewhere, until there are very many', async () => {
  const throttle = createSignInThrottle('wrong passwords', () => 0);
  for (let i = 0; i < 10; i++) await throttle.attempt(from, wrong);
  expect(await throttle.attempt({ ...from, email: 'ben@example.edu' }, right)).toBe(true);
  expect(await throttle.attempt({ ...from, ip: '192.0.2.2' }, right)).toBe(true);
  for (let i = 10; i < 100; i++) await throttle.attempt({ ...from, ip: `198.51.100.${i}` }, wrong);
  await expect(throttle.attempt({ ...from, ip: '203.0.113.1' }, right)).rejects.toMatchObject({
    type: 'too-many-requests',
  });
  for (let i = 10; i < 1000; i++) await throttle.attempt({ ...from, email: `${i}@example.edu` }, wrong);
  await expect(throttle.attempt({ ...from, email: 'ben@example.edu' }, right)).rejects.toMatchObject({
    type: 'too-many-requests',
  });
});

it('counts no check that broke, and gives its place back', async () => {
  const throttle = createSignInThrottle('wrong passwords', () => 0);
  for (let i = 0; i < 20; i++) {
    await expect(throttle.attempt(from, async () => await Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
  }
  expect(await throttle.attempt(from, right)).toBe(true);
});
