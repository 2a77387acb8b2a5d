import { describe, expect, it } from 'vitest';
import { checkGivenServers } from '../../dev/given.ts';
import { freePort } from '../../dev/ports.ts';
import { createTestDatabase } from '../support/database.ts';
import { testRedisUrl } from '../support/redis.ts';

describe('servers that are given to npm start', () => {
  const check = (databaseUrl?: string, redisUrl?: string) => checkGivenServers({ databaseUrl, redisUrl });

  it('are taken when they answer', async () => {
    const { url, drop } = await createTestDatabase();
    try {
      await check(url, await testRedisUrl());
    } finally {
      await drop();
    }
  });

  it('are refused at once when nothing answers, by the name of the variable and without the password', async () => {
    const port = await freePort();
    const database = check(`postgres://topk:secret@127.0.0.1:${port}/topk`);
    await expect(database).rejects.toThrow(/^DATABASE_URL: .*ECONNREFUSED/);
    await expect(database).rejects.not.toThrow(/secret/);
    const redis = check(undefined, `redis://:secret@127.0.0.1:${port}`);
    await expect(redis).rejects.toThrow(/^REDIS_URL: .*ECONNREFUSED/);
    await expect(redis).rejects.not.toThrow(/secret/);
  });

  it('are refused when the password is wrong', async () => {
    const redis = new URL(await testRedisUrl());
    redis.password = 'wrong';
    await expect(check(undefined, redis.href)).rejects.toThrow(/^REDIS_URL: .*(WRONGPASS|password)/i);
  });
});
