import { availableParallelism, hostname } from 'node:os';
import { z } from 'zod';
import { describe } from './faults.ts';
import { parseWantedGpus } from './gpus/detect.ts';
import { parseEnvironment, SharedEnvironment, sharedSettings } from '../core/environment.ts';

const cores = availableParallelism();

const Environment = SharedEnvironment.extend({
  /** Submissions that are graded at once; more than threads, so that a thread never waits for Postgres. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).default(8),
  SCORING_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .default(Math.max(1, cores - 1)),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).default(8),
  /** How long a worker that has died goes unnoticed. */
  LEASE_MS: z.coerce.number().int().min(100).default(30_000),
  /** The same for code: its lease is renewed every second, and a run that was cancelled is killed when that fails. */
  RUN_LEASE_MS: z.coerce.number().int().min(100).default(15_000),
  /** A grading that takes longer counts as broken: it is retried, then given up. Waiting for a free thread is part of it. */
  GRADE_TIMEOUT_MS: z.coerce.number().int().min(100).default(600_000),
  SWEEP_EVERY_MS: z.coerce.number().int().min(50).default(1_000),
  /** How long a ring may go unanswered before it is rung again. */
  RING_EVERY_MS: z.coerce.number().int().min(50).default(5_000),
  /** How often it says that it is there. */
  HEARTBEAT_MS: z.coerce.number().int().min(50).default(5_000),
  /** How often it looks for a Docker that is away, and for what killed workers have left there. */
  SANDBOX_EVERY_MS: z.coerce.number().int().min(50).default(10_000),
  /** Unique among workers: what is found under its name at its start is its own from before, and is removed. */
  WORKER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/)
    .default(
      hostname()
        .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
        .slice(0, 63) || 'worker',
    ),
  /** Whether it runs code. Unless given: where Docker answers. */
  SANDBOX: z.enum(['off', 'docker']).default('docker'),
  DOCKER_HOST: z.string().default('unix:///var/run/docker.sock'),
  /** An OCI runtime of the daemon, such as runsc; its default one unless given. */
  SANDBOX_RUNTIME: z.string().optional(),
  /** Runs on CPUs at once; 0: none. */
  WORKER_CPU_SLOTS: z.coerce
    .number()
    .int()
    .min(0)
    .default(Math.max(1, cores - 1)),
  /** all, none, indices or UUIDs, with commas between. */
  WORKER_GPUS: z
    .string()
    .default('all')
    .transform((text, context) => {
      try {
        return parseWantedGpus(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: describe(error) });
        return z.NEVER;
      }
    }),
  /** Runs on one GPU at once. */
  WORKER_GPU_SHARE: z.coerce.number().int().min(1).default(1),
  /** Whether it sends what hooks tell: off where it has no way out. */
  WORKER_HOOKS: z.enum(['on', 'off']).default('on'),
  /** How long a receiver may take for its answer. */
  HOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
  /** Where /healthz and /readyz are served; 0: nowhere. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
}).transform((env) => ({
  ...sharedSettings(env),
  concurrency: env.WORKER_CONCURRENCY,
  scoringThreads: env.SCORING_THREADS,
  databaseConnections: env.DATABASE_CONNECTIONS,
  leaseMs: env.LEASE_MS,
  runLeaseMs: env.RUN_LEASE_MS,
  sweepEveryMs: env.SWEEP_EVERY_MS,
  ringEveryMs: env.RING_EVERY_MS,
  heartbeatMs: env.HEARTBEAT_MS,
  gradeTimeoutMs: env.GRADE_TIMEOUT_MS,
  healthPort: env.WORKER_HEALTH_PORT,
  workerName: env.WORKER_NAME,
  sandbox: env.SANDBOX,
  sandboxEveryMs: env.SANDBOX_EVERY_MS,
  dockerHost: env.DOCKER_HOST,
  runtime: env.SANDBOX_RUNTIME,
  cpuSlots: env.WORKER_CPU_SLOTS,
  gpus: env.WORKER_GPUS,
  gpuShare: env.WORKER_GPU_SHARE,
  hooks: env.WORKER_HOOKS === 'on',
  hookTimeoutMs: env.HOOK_TIMEOUT_MS,
}));

export type Config = Readonly<z.output<typeof Environment>>;

/** @throws an error that names every variable that is missing or wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return parseEnvironment(Environment, env);
}
