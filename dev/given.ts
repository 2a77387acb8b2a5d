import { Client } from 'pg';
import { askRedis } from './redis-client.ts';
import type { Settings } from './settings.ts';

const patienceMs = 5000;

/**
 * Looks whether the servers that were given answer, before anything relies on them.
 * @throws a sentence that names the variable, and no password
 */
export async function checkGivenServers({ databaseUrl, redisUrl }: Pick<Settings, 'databaseUrl' | 'redisUrl'>) {
  if (databaseUrl !== undefined) await check('DATABASE_URL: this Postgres', () => askPostgres(databaseUrl));
  if (redisUrl !== undefined) await check('REDIS_URL: this Redis', () => askRedis(redisUrl, (redis) => redis.ping()));
}

async function check(what: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${what} can’t be used (${reason}). Mend the address, or leave it out and npm start brings up its own`,
      { cause: error },
    );
  }
}

async function askPostgres(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs });
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => {});
  }
}
