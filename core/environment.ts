import { z } from 'zod';
import { parsePrivateHosts } from './hooks/destination.ts';

/** The settings that api and worker share; each adds its own. Names are environment variables. */
export const SharedEnvironment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  TOPK_DATA_DIR: z.string().min(1).default('.topk'),
  TOPK_QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]+$/)
    .default('topk'),
  /** Mail is sent where these three are given: the server that takes it, whom it is from, and where the links in it lead. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Hosts of private networks, with or without :port, that hooks may be sent to all the same. */
  HOOK_PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parsePrivateHosts(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** The shared settings under the names that the code uses. */
export function sharedSettings(env: z.output<typeof SharedEnvironment>) {
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDir: env.TOPK_DATA_DIR,
    queuePrefix: env.TOPK_QUEUE_PREFIX,
    logLevel: env.LOG_LEVEL,
    mail: mailSettings(env),
    publicUrl: env.PUBLIC_URL,
    hookPrivateHosts: env.HOOK_PRIVATE_HOSTS,
  };
}

function mailSettings({ SMTP_URL, MAIL_FROM, PUBLIC_URL }: z.output<typeof SharedEnvironment>) {
  if (SMTP_URL === undefined && MAIL_FROM === undefined) return undefined;
  if (SMTP_URL === undefined || MAIL_FROM === undefined || PUBLIC_URL === undefined)
    throw new Error(
      'SMTP_URL, MAIL_FROM and PUBLIC_URL are needed together: mail is sent with all three, or not at all.',
    );
  return { smtpUrl: SMTP_URL, from: MAIL_FROM, publicUrl: PUBLIC_URL };
}

/**
 * Reads settings from environment variables. An empty variable counts as absent.
 * @throws an error that names every variable that is missing or wrong, and never its value
 */
export function parseEnvironment<T extends z.ZodType>(
  schema: T,
  env: Readonly<Record<string, string | undefined>>,
): z.output<T> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`);
}
