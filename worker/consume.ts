import { Worker, type Job } from 'bullmq';
import { jobs } from '../core/contract/jobs.ts';
import { reconnectAfter } from '../core/queue/reconnect.ts';
import { grade } from './grade.ts';
import type { Services } from './services.ts';

/**
 * Answers the doorbell until stopped.
 * @returns a function that takes no more rings, gives back what is being graded, and lets go of Redis
 */
export function answerDoorbell(services: Services): () => Promise<void> {
  const { config, log } = services;
  const stopping = new AbortController();
  const grading = new Set<Promise<void>>();
  const worker = new Worker(
    jobs.score.queue,
    async (job: Job) => {
      const { submissionId } = jobs.score.payload.parse(job.data);
      const work = grade(services, submissionId, stopping.signal);
      grading.add(work);
      try {
        await work;
      } finally {
        grading.delete(work);
      }
    },
    {
      connection: { url: config.redisUrl, maxRetriesPerRequest: null, retryStrategy: reconnectAfter },
      prefix: config.queuePrefix,
      concurrency: config.concurrency,
      // Short, since Postgres's lease decides: a ring of a dead worker should not block its id for long.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', (error) => log.debug({ err: error }, 'the doorbell has no Redis'));
  worker.on('failed', (job, error) => log.warn({ err: error, ring: job?.id }, 'a ring was not answered to the end'));
  return async () => {
    // First, lest it takes rings off the queue that it will not answer: the sweeper would ring for them seconds later.
    await worker.pause(true);
    stopping.abort();
    await Promise.allSettled(grading);
    await worker.close(true);
  };
}
