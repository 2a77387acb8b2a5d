import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseEnvironment, SharedEnvironment, sharedSettings } from '../core/environment.ts';

const Environment = SharedEnvironment.extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Behind a proxy that sets X-Forwarded-*: how many of them to trust. Too few, and all people share the proxy's count of wrong passwords. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  /** Cookies over HTTPS only; off for http://localhost. */
  SECURE_COOKIES: z.stringbool().default(false),
  /** The largest file that any competition may accept. */
  MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_000_000_000)
    .default(512 * 2 ** 20),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).default(10),
  CHECK_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .default(Math.max(1, Math.min(4, availableParallelism() - 1))),
}).transform((env) => ({
  ...sharedSettings(env),
  host: env.HOST,
  port: env.PORT,
  trustedProxies: env.TRUSTED_PROXIES,
  secureCookies: env.SECURE_COOKIES,
  maxUploadBytes: env.MAX_UPLOAD_BYTES,
  databaseConnections: env.DATABASE_CONNECTIONS,
  checkThreads: env.CHECK_THREADS,
}));

export type Config = Readonly<z.output<typeof Environment>>;

/** @throws an error that names every variable that is missing or wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return parseEnvironment(Environment, env);
}
