import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseEnvironment, SharedEnvironment } from '../core/environment.ts';

const Environment = SharedEnvironment.extend({
  /** Submissions that are graded at once; more than threads, so that a thread never waits for Postgres. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).default(8),
  SCORING_THREADS: z.coerce.number().int().min(1).default(Math.max(1, availableParallelism() - 1)),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).default(8),
  /** How long a worker that has died goes unnoticed. */
  LEASE_MS: z.coerce.number().int().min(100).default(30_000),
  SWEEP_EVERY_MS: z.coerce.number().int().min(50).default(1_000),
  /** How long a ring may go unanswered before it is rung again. */
  RING_EVERY_MS: z.coerce.number().int().min(50).default(5_000),
  /** Where /healthz and /readyz are served; 0: nowhere. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

export interface Config {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly queuePrefix: string;
  readonly logLevel: string;
  readonly concurrency: number;
  readonly scoringThreads: number;
  readonly databaseConnections: number;
  readonly leaseMs: number;
  readonly sweepEveryMs: number;
  readonly ringEveryMs: number;
  readonly healthPort: number;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = parseEnvironment(Environment, env);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    dataDir: parsed.TOPK_DATA_DIR,
    queuePrefix: parsed.TOPK_QUEUE_PREFIX,
    logLevel: parsed.LOG_LEVEL,
    concurrency: parsed.WORKER_CONCURRENCY,
    scoringThreads: parsed.SCORING_THREADS,
    databaseConnections: parsed.DATABASE_CONNECTIONS,
    leaseMs: parsed.LEASE_MS,
    sweepEveryMs: parsed.SWEEP_EVERY_MS,
    ringEveryMs: parsed.RING_EVERY_MS,
    healthPort: parsed.WORKER_HEALTH_PORT,
  };
}
