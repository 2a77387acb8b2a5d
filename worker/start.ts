import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { createBlobStore } from '../core/blobs/store.ts';
import { closeAll } from '../core/close-all.ts';
import type { WorkerInfo } from '../core/contract/workers.ts';
import { openDatabase } from '../core/db/open.ts';
import { oneRow, type Queryable } from '../core/db/sql.ts';
import type { Log } from '../core/log.ts';
import { createChangeSender } from '../core/queue/changes.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { createScoringPool } from '../core/scoring-pool/pool.ts';
import type { Config } from './config.ts';
import { answerDoorbell, type Answering } from './consume.ts';
import type { Executor } from './executor/executor.ts';
import { createDockerExecutor } from './executor/sandbox.ts';
import { detectGpus, type Gpu } from './gpus/detect.ts';
import { createSmi } from './gpus/nvidia-smi.ts';
import { createGpuPool } from './gpus/pool.ts';
import { createProbe } from './gpus/probe.ts';
import { createGpuSampler } from './gpus/sample.ts';
import { serveHealth } from './health.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startDelivering } from './hooks/deliver.ts';
import { resolve, type Resolve } from './hooks/resolve.ts';
import { startPreviewing } from './preview-keys.ts';
import { openSandbox } from './sandbox.ts';
import { startMailing } from './mail.ts';
import type { Services } from './services.ts';
import { startSweeper } from './sweep.ts';
import { startTidying, sweepOwn } from './tidy.ts';

export interface RunningWorker {
  /** Gives back what is being graded and lets go of everything; safe to call twice. */
  close(): Promise<void>;
}

/** What stands between the worker and the machine, for tests. */
export interface Surroundings {
  /** Where code runs; rejects while that is away. */
  readonly connect?: () => Promise<Executor>;
  /** In place of those that nvidia-smi lists; they are always healthy. */
  readonly gpus?: readonly Gpu[];
  /** In place of the DNS. */
  readonly resolve?: Resolve;
}

const maxKeyBytes = 512 * 2 ** 20;

/** Grades what waits, until closed. Starts also where Postgres, Redis or Docker are away, and works once they are there. */
export async function startWorker(config: Config, log: Log, surroundings: Surroundings = {}): Promise<RunningWorker> {
  const redis = { url: config.redisUrl, prefix: config.queuePrefix, log };
  const db = openDatabase({ url: config.databaseUrl, maxConnections: config.databaseConnections, log });
  const gpus = await openGpus(config, log, surroundings.gpus);
  const connectDocker = async () =>
    await createDockerExecutor({
      host: config.dockerHost,
      runtime: config.runtime,
      installation: await installationOf(db.pool),
      worker: config.workerName,
      ready: Math.max(1, config.cpuSlots + gpus.devices.length * config.gpuShare),
      log,
    });
  // Not yet: what it serves depends on the sandbox, and what the sandbox tells of goes to it.
  const serving: { answering?: Answering } = {};
  const sandbox = openSandbox({
    connect:
      config.sandbox === 'off'
        ? undefined
        : async () => {
            const executor = await (surroundings.connect ?? connectDocker)();
            await sweepOwn({ config, log }, executor);
            return executor;
          },
    everyMs: config.sandboxEveryMs,
    log,
    onChange: (executor) => serving.answering?.serveCode(executor !== undefined),
  });
  const services: Services = {
    config,
    log,
    db,
    blobs: createBlobStore(config.dataDir),
    doorbell: createDoorbell(redis),
    changes: createChangeSender(redis),
    scoring: createScoringPool({
      threads: config.scoringThreads,
      maxKeyBytes,
      compileTimeoutMs: config.gradeTimeoutMs,
    }),
    sandbox,
    get executor() {
      return sandbox.executor;
    },
    gpus,
    gpuSampler: createGpuSampler({ log }),
  };
  const stopHealth = await serveHealth(services);
  const stopSweeper = startSweeper(services);
  const stopPreviewing = startPreviewing(services);
  const stopTidying = startTidying(services);
  const stopMailing = startMailing(services);
  const stopDelivering = startDelivering(services, surroundings.resolve ?? resolve);
  const answers = answerDoorbell(services);
  serving.answering = answers;
  answers.serveCode(sandbox.executor !== undefined);
  const stopHeartbeat = startHeartbeat(services, () => describeWorker(services, answers));
  return {
    close: closeAll(log, [
      async () => await answers.stop(),
      stopSweeper,
      stopPreviewing,
      stopTidying,
      stopMailing,
      stopDelivering,
      stopHealth,
      async () => await sandbox.close(),
      () => services.gpus.close(),
      () => services.gpuSampler.close(),
      stopHeartbeat,
      () => services.scoring.close(),
      () => services.doorbell.close(),
      () => services.changes.close(),
      () => db.close(),
    ]),
  };
}

/** The same for all workers of a database, and no other's: a migration is given its id where it is applied, and copies have another name. */
async function installationOf(db: Queryable): Promise<string> {
  const { name } = await oneRow(
    db,
    z.object({ name: z.string() }),
    `select current_database() || '-' || left(id, 8) as name from _prisma_migrations order by started_at, migration_name limit 1`,
  );
  return name;
}

async function openGpus(config: Config, log: Log, given: readonly Gpu[] | undefined) {
  const smi = createSmi();
  const probe = given ? async () => await Promise.resolve({ kind: 'free' } as const) : createProbe(smi);
  const found = given
    ? { gpus: given, problems: [] }
    : config.sandbox === 'off'
      ? { gpus: [], problems: [] }
      : await detectGpus(smi, config.gpus);
  for (const problem of found.problems) log.warn(problem);
  return createGpuPool({ gpus: found.gpus, share: config.gpuShare, probe, log });
}

function describeWorker({ config, gpus, sandbox }: Services, { queues }: Answering): WorkerInfo {
  return {
    queues: [...queues],
    slots: { score: config.concurrency, cpu: config.cpuSlots, gpu: gpus.devices.length * config.gpuShare },
    sandbox: sandbox.status,
    gpus: [...gpus.devices],
    node: process.version,
    version: packageJson.version,
  };
}
