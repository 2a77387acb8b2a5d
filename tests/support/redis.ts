import { Redis } from 'ioredis';
import { inject } from 'vitest';

const databases = 1024;

/**
 * An empty database of the test run's Redis for the caller alone, so that files can run side by side. A test that
 * stops or flushes Redis starts its own with `startRedis` from dev/.
 */
export async function testRedisUrl(): Promise<string> {
  const url = new URL(inject('redisUrl'));
  const counter = new Redis(url.href);
  try {
    // Database 0 holds the counter only.
    const taken = await counter.incr('taken');
    if (taken >= databases) throw new Error(`a test run has ${databases - 1} Redis databases and all are taken`);
    url.pathname = `/${taken}`;
    return url.href;
  } finally {
    counter.disconnect();
  }
}
