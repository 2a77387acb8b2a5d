import { Worker, type Job } from 'bullmq';
import { jobs } from '../core/contract/jobs.ts';
import { SubmissionNeeds } from '../core/contract/runs.ts';
import { reconnectAfter } from '../core/queue/reconnect.ts';
import { ShutDown } from './faults.ts';
import { grade } from './grade.ts';
import type { Services } from './services.ts';
import { runOnCpu, runOnGpu } from './slots.ts';

export interface Answering {
  /** Which queues are served right now. */
  readonly queues: readonly SubmissionNeeds[];
  /** Serves the queues of code, or leaves them to others. */
  serveCode(possible: boolean): void;
  /** Takes no more rings, gives back what is being graded, and lets go of Redis. */
  stop(): Promise<void>;
}

/** What one ring takes from a queue's concurrency: resolves when the next may come; `all` gets what goes on after that. */
type Answer = (submissionId: number, all: (work: Promise<void>) => void, stopping: AbortSignal) => Promise<void>;

/**
 * Answers the doorbell until stopped, each queue by itself: a GPU job never waits behind a CPU job, nor either of them holds up what is only scored.
 * A queue's concurrency is its slots, so that what has no slot stays a ring that any other worker may answer.
 */
export function answerDoorbell(services: Services): Answering {
  const { config, gpus } = services;
  const stopping = new AbortController();
  const grading = new Set<Promise<void>>();
  const open = (needs: SubmissionNeeds, concurrency: number, answer: Answer) =>
    openQueue(services, needs, concurrency, async (submissionId) => {
      await answer(
        submissionId,
        (work) => {
          grading.add(work);
          // Whoever awaits the ring hears of a failure; what goes on after the ring must not end the process.
          void work.catch(() => undefined).finally(() => grading.delete(work));
        },
        stopping.signal,
      );
    });

  const score = open('score', config.concurrency, async (submissionId, all, signal) => {
    const work = grade(services, submissionId, undefined, signal);
    all(work);
    await work;
  });
  const code = new Map<SubmissionNeeds, Worker>();
  const openCode = () => {
    if (config.cpuSlots > 0)
      code.set(
        'cpu',
        open('cpu', config.cpuSlots, async (id, all, signal) => await runOnCpu(services, id, all, signal)),
      );
    const gpuSlots = gpus.devices.length * config.gpuShare;
    if (gpuSlots > 0)
      code.set(
        'gpu',
        open('gpu', gpuSlots, async (id, all, signal) => await runOnGpu(services, id, all, signal)),
      );
  };
  return {
    get queues() {
      return SubmissionNeeds.options.filter((needs) => needs === 'score' || code.get(needs)?.isPaused() === false);
    },
    serveCode: (possible) => {
      if (stopping.signal.aborted) return;
      if (possible && code.size === 0) openCode();
      else for (const worker of code.values()) void (possible ? worker.resume() : worker.pause(true));
    },
    stop: async () => {
      const all = [score, ...code.values()];
      // First, lest they take rings off the queue that they will not answer: the sweeper would ring for them seconds later.
      await Promise.allSettled(all.map(async (worker) => await worker.pause(true)));
      stopping.abort(new ShutDown());
      await Promise.allSettled(grading);
      await Promise.allSettled(all.map(async (worker) => await worker.close(true)));
    },
  };
}

function openQueue(
  { config, log }: Services,
  needs: SubmissionNeeds,
  concurrency: number,
  answer: (submissionId: number) => Promise<void>,
): Worker {
  const worker = new Worker(
    jobs[needs].queue,
    async (job: Job) => {
      const { submissionId } = jobs[needs].payload.parse(job.data);
      await answer(submissionId);
    },
    {
      connection: { url: config.redisUrl, maxRetriesPerRequest: null, retryStrategy: reconnectAfter },
      prefix: config.queuePrefix,
      concurrency,
      // Short, since Postgres's lease decides: a ring of a dead worker should not block its id for long.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', (error) => log.debug({ err: error }, 'the doorbell has no Redis'));
  worker.on('failed', (job, error) => log.warn({ err: error, ring: job?.id }, 'a ring was not answered to the end'));
  return worker;
}
