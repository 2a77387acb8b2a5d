import { expect, it } from 'vitest';
import { lookAtPostgres, lookAtRedis } from '../../dev/doctor/servers.ts';
import { createTestDatabase } from '../support/database.ts';
import { testRedisUrl } from '../support/redis.ts';

it('looks at a real Postgres: version, clock, migrations, workers', async () => {
  const database = await createTestDatabase();
  try {
    const found = await lookAtPostgres(database.url);
    expect(found.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Postgres ok',
      'clock ok',
      'migrations ok',
      'workers warn',
    ]);
  } finally {
    await database.drop();
  }
});

it('looks at a real Redis, as npm start sets it up', async () => {
  const found = await lookAtRedis(await testRedisUrl());
  expect(found.map(({ name, state }) => `${name} ${state}`)).toEqual(['Redis ok', 'Redis policy ok', 'Redis file ok']);
});

it('says why a Redis can’t be looked at', async () => {
  const url = new URL(await testRedisUrl());
  url.password = 'wrong';
  await expect(lookAtRedis(url.href)).rejects.toThrow(/WRONGPASS|invalid/i);
});
