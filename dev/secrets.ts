import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Secrets = z.object({ postgresPassword: z.string().min(1), redisPassword: z.string().min(1) });
export type Secrets = z.infer<typeof Secrets>;

/** The passwords of our own Postgres and Redis: made on the first start, readable by their owner only. */
export async function keepSecrets(dataDir: string): Promise<Secrets> {
  const kept = await readSecrets(dataDir);
  if (kept !== undefined) return kept;
  const secrets = { postgresPassword: randomBytes(24).toString('hex'), redisPassword: randomBytes(24).toString('hex') };
  await writeFile(secretsPath(dataDir), JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Undefined where nothing was ever started on this folder. */
export async function readSecrets(dataDir: string): Promise<Secrets | undefined> {
  const text = await readFile(secretsPath(dataDir), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Secrets.parse(JSON.parse(text));
}

function secretsPath(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}
