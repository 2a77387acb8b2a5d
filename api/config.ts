import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseEnvironment, SharedEnvironment } from '../core/environment.ts';

const Environment = SharedEnvironment.extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Behind a proxy that sets X-Forwarded-*: how many of them to trust. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  /** Cookies over HTTPS only; off for http://localhost. */
  SECURE_COOKIES: z.stringbool().default(false),
  /** The largest file that any competition may accept. */
  MAX_UPLOAD_BYTES: z.coerce.number().int().min(1).max(2_000_000_000).default(512 * 2 ** 20),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).default(10),
  CHECK_THREADS: z.coerce.number().int().min(1).default(Math.max(1, Math.min(4, availableParallelism() - 1))),
});

export interface Config {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly queuePrefix: string;
  readonly logLevel: string;
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: number;
  readonly secureCookies: boolean;
  readonly maxUploadBytes: number;
  readonly databaseConnections: number;
  readonly checkThreads: number;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = parseEnvironment(Environment, env);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    dataDir: parsed.TOPK_DATA_DIR,
    queuePrefix: parsed.TOPK_QUEUE_PREFIX,
    logLevel: parsed.LOG_LEVEL,
    host: parsed.HOST,
    port: parsed.PORT,
    trustedProxies: parsed.TRUSTED_PROXIES,
    secureCookies: parsed.SECURE_COOKIES,
    maxUploadBytes: parsed.MAX_UPLOAD_BYTES,
    databaseConnections: parsed.DATABASE_CONNECTIONS,
    checkThreads: parsed.CHECK_THREADS,
  };
}
