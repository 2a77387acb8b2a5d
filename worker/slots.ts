import { setTimeout as sleep } from 'node:timers/promises';
import { gpusWanted, nextRun } from '../core/submissions/waiting.ts';
import type { Executor } from './executor/executor.ts';
import { grade } from './grade.ts';
import type { Slot } from './grade-code.ts';
import { TooManyGpus, type GpuLease } from './gpus/pool.ts';
import { shellSpec } from './run/spec.ts';
import type { Services } from './services.ts';

const lookEveryMs = 1_000;

/** Told of work that goes on when the slot is free again: scoring needs none. */
type Track = (work: Promise<void>) => void;

/** Resolves when the slot is free for the next. */
export async function runOnCpu(services: Services, submissionId: number, track: Track, stopping: AbortSignal) {
  const { executor } = services;
  if (executor === undefined) return;
  await inSlot(services, submissionId, { needs: 'cpu', executor, lease: undefined }, track, stopping);
}

/** As `runOnCpu`, with as many devices as the submission wants: waits for them first, while it is still queued. */
export async function runOnGpu(services: Services, submissionId: number, track: Track, stopping: AbortSignal) {
  const { db, gpus, log } = services;
  const wanted = await gpusWanted(db.pool, submissionId);
  if (wanted === undefined) return;
  const lease = await gpus.lease(Math.max(1, wanted), stopping).catch((error: unknown) => {
    // Another worker may have as many; the sweep rings again, also for this one.
    if (error instanceof TooManyGpus) log.info({ submissionId }, error.message);
    else if (!stopping.aborted) throw error;
    return undefined;
  });
  if (lease === undefined) return;
  try {
    const { executor } = services;
    if (executor === undefined) return;
    await inSlot(services, submissionId, { needs: 'gpu', executor, lease }, track, stopping);
  } finally {
    lease.release();
  }
}

async function inSlot(
  services: Services,
  submissionId: number,
  { needs, executor, lease }: { needs: Slot['needs']; executor: Executor; lease: GpuLease | undefined },
  track: Track,
  stopping: AbortSignal,
): Promise<void> {
  const exited = Promise.withResolvers<void>();
  const over = new AbortController();
  const gpus = lease?.ids ?? [];
  const slot: Slot = {
    needs,
    executor: lease ? watchForDeviceFaults(executor, lease) : executor,
    gpus,
    onStarted: () => void anticipate(services, executor, { needs, gpus }, over.signal),
    onExited: () => {
      over.abort();
      exited.resolve();
    },
  };
  const work = grade(services, submissionId, slot, stopping);
  track(work);
  await Promise.race([exited.promise, work]);
}

/**
 * Has the sandbox make ready what the next one in the queue will need, on the same devices, while this one computes. Looks again and again: who comes
 * while all slots are taken rings for nobody, and who was next may be run by somebody else.
 */
async function anticipate(
  { db, blobs, log }: Services,
  executor: Executor,
  { needs, gpus }: Pick<Slot, 'needs' | 'gpus'>,
  exited: AbortSignal,
): Promise<void> {
  let readyFor: number | undefined;
  while (!exited.aborted) {
    try {
      const next = await nextRun(db.pool, needs);
      if (next !== undefined && next.id !== readyFor) {
        if (next.runSettings.limits.gpus === gpus.length) await executor.anticipate(shellSpec(next, gpus, blobs.path));
        readyFor = next.id;
      }
    } catch (error) {
      log.warn({ err: error }, 'the next run could not be made ready');
    }
    await sleep(lookEveryMs, undefined, { signal: exited }).catch(() => undefined);
  }
}

/** Not the word GPU: a worker may be called so, and its containers after it. */
const deviceFault = /nvidia|cuda|nvml|device driver/i;

/** A sandbox that can't give a run its device says so by failing; the device is then not leased again before it is found healthy. */
function watchForDeviceFaults(executor: Executor, lease: GpuLease): Slot['executor'] {
  return {
    runtime: executor.runtime,
    run: async (spec, watcher, scratch, signal) => {
      try {
        return await executor.run(spec, watcher, scratch, signal);
      } catch (error) {
        if (error instanceof Error && deviceFault.test(error.message)) lease.failed(error.message.slice(0, 500));
        throw error;
      }
    },
  };
}
