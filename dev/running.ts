import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownDatabaseUrl } from './postgres.ts';
import { ownRedisUrl } from './redis.ts';
import { readSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

export type Running = { databaseUrl: string | undefined; redisUrl: string | undefined };

/** The servers that an `npm start` on this data folder has started, as far as they have left their ports there. Whether they answer is not looked at. */
export async function findRunning({ dataDir }: Pick<Settings, 'dataDir'>): Promise<Running> {
  const secrets = await readSecrets(dataDir);
  if (secrets === undefined) return { databaseUrl: undefined, redisUrl: undefined };
  // Its fourth line is the port: https://www.postgresql.org/docs/current/storage-file-layout.html
  const lines = await readText(join(dataDir, 'postgres', 'postmaster.pid'));
  const databasePort = Number(lines.split('\n')[3]);
  const redisPort = Number(/^port (\d+)$/m.exec(await readText(join(dataDir, 'redis', 'redis.conf')))?.[1]);
  return {
    databaseUrl: databasePort > 0 ? ownDatabaseUrl(databasePort, secrets.postgresPassword) : undefined,
    redisUrl: databasePort > 0 && redisPort > 0 ? ownRedisUrl(redisPort, secrets.redisPassword) : undefined,
  };
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
