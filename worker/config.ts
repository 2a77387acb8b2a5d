import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseEnvironment, SharedEnvironment, sharedSettings } from '../core/environment.ts';

const Environment = SharedEnvironment.extend({
  /** Submissions that are graded at once; more than threads, so that a thread never waits for Postgres. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).default(8),
  SCORING_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .default(Math.max(1, availableParallelism() - 1)),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).default(8),
  /** How long a worker that has died goes unnoticed. */
  LEASE_MS: z.coerce.number().int().min(100).default(30_000),
  /** A grading that takes longer counts as broken: it is retried, then given up. Waiting for a free thread is part of it. */
  GRADE_TIMEOUT_MS: z.coerce.number().int().min(100).default(600_000),
  SWEEP_EVERY_MS: z.coerce.number().int().min(50).default(1_000),
  /** How long a ring may go unanswered before it is rung again. */
  RING_EVERY_MS: z.coerce.number().int().min(50).default(5_000),
  /** Where /healthz and /readyz are served; 0: nowhere. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
}).transform((env) => ({
  ...sharedSettings(env),
  concurrency: env.WORKER_CONCURRENCY,
  scoringThreads: env.SCORING_THREADS,
  databaseConnections: env.DATABASE_CONNECTIONS,
  leaseMs: env.LEASE_MS,
  sweepEveryMs: env.SWEEP_EVERY_MS,
  ringEveryMs: env.RING_EVERY_MS,
  gradeTimeoutMs: env.GRADE_TIMEOUT_MS,
  healthPort: env.WORKER_HEALTH_PORT,
}));

export type Config = Readonly<z.output<typeof Environment>>;

/** @throws an error that names every variable that is missing or wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return parseEnvironment(Environment, env);
}
