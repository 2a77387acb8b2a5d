import { join, resolve } from 'node:path';
import { z } from 'zod';

const Settings = z.object({
  /** Everything that this instance keeps: database, queue, blobs, logs, demo.json. */
  TOPK_DATA_DIR: z.string().default('.topk'),
  /** Exactly this port, or, when not given, 3000 or the next free one. */
  TOPK_PORT: z.coerce.number('must be a port from 1 to 65535').int().min(1).max(65_535).optional(),
  TOPK_HOST: z.string().default('127.0.0.1'),
  /** A Postgres and a Redis to use in place of our own. */
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be like postgres://user:password@host:5432/topk' })
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be like redis://:password@host:6379' }).optional(),
});

export type Settings = {
  dataDir: string;
  logDir: string;
  port: number | undefined;
  host: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
};

/** @throws a sentence that names each variable that is wrong, and no value, since one may hold a password */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const dataDir = resolve(parsed.data.TOPK_DATA_DIR);
  return {
    dataDir,
    logDir: join(dataDir, 'log'),
    port: parsed.data.TOPK_PORT,
    host: parsed.data.TOPK_HOST,
    databaseUrl: parsed.data.DATABASE_URL,
    redisUrl: parsed.data.REDIS_URL,
  };
}
