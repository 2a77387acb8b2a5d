import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { testRedisUrl } from '../support/redis.ts';

describe('the test run gives each caller', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });

  it('a migrated, empty database of its own', async () => {
    const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(databases[0].url).not.toBe(databases[1].url);
    for (const { url, drop } of databases) {
      cleanUps.push(drop);
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query('select count(*)::int as users from "user"');
      expect(rows).toEqual([{ users: 0 }]);
      await client.end();
    }
  });

  it('a Redis database of its own', async () => {
    const clients = [new Redis(await testRedisUrl()), new Redis(await testRedisUrl())] as const;
    await clients[0].set('key', 'value');
    expect(await clients[1].get('key')).toBeNull();
    expect(await clients[0].config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    for (const client of clients) client.disconnect();
  });
});
