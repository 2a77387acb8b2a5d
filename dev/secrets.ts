import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Secrets = z.object({ postgresPassword: z.string().min(1), redisPassword: z.string().min(1) });
export type Secrets = z.infer<typeof Secrets>;

/** The passwords of our own Postgres and Redis: made on the first start, readable by their owner only. */
export async function keepSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) return Secrets.parse(JSON.parse(text));
  const secrets = { postgresPassword: randomBytes(24).toString('hex'), redisPassword: randomBytes(24).toString('hex') };
  await writeFile(path, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
