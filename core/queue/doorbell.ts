import { Queue } from 'bullmq';
import { jobs } from '../contract/jobs.ts';
import { SubmissionNeeds } from '../contract/runs.ts';
import type { Log } from '../log.ts';
import { reconnectAfter } from './reconnect.ts';
import { within } from './within.ts';

/** What is rung for: the row that waits, the claim number it waits for, how urgent it is, and who can serve it. */
export interface Ring {
  readonly submissionId: number;
  readonly attempt: number;
  readonly priority: number;
  readonly needs: SubmissionNeeds;
}

/**
 * Tells workers that submissions wait. A doorbell, not a store: a ring that is lost is rung again by the sweeper, one that is repeated finds
 * nothing to claim.
 */
export interface Doorbell {
  /** Rings for all of them; resolves false, after a log line, where Redis did not take it in time. Never rejects. */
  ring(rings: readonly Ring[]): Promise<boolean>;
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly url: string;
  /** Goes before every key and channel, so that two installations can share one Redis. */
  readonly prefix: string;
  readonly log: Log;
}

const ringTimeoutMs = 500;

export function createDoorbell({ url, prefix, log }: RedisOptions): Doorbell {
  const open = (needs: SubmissionNeeds) => {
    const queue = new Queue(jobs[needs].queue, {
      prefix,
      connection: { url, maxRetriesPerRequest: 1, retryStrategy: reconnectAfter },
      // History is in Postgres, and a kept job would block its id from being rung again.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    queue.on('error', (error) => log.debug({ err: error }, 'the doorbell has no Redis'));
    return queue;
  };
  const queues = new Map(SubmissionNeeds.options.map((needs) => [needs, open(needs)]));
  return {
    ring: async (rings) => {
      try {
        await within(
          ringTimeoutMs,
          Promise.all(
            [...queues].map(async ([needs, queue]) => {
              const entries = rings.filter((ring) => ring.needs === needs).map(entryOf);
              if (entries.length > 0) await queue.addBulk(entries);
            }),
          ),
        );
        return true;
      } catch (error) {
        log.warn({ err: error, rings: rings.length }, 'Redis did not take the ring; the sweeper rings again');
        return false;
      }
    },
    close: async () => {
      await Promise.all(
        [...queues.values()].map(async (queue) => {
          await within(2_000, queue.close()).catch(() => queue.disconnect());
        }),
      );
    },
  };
}

function entryOf({ submissionId, attempt, priority, needs }: Ring) {
  return {
    name: needs,
    data: jobs[needs].payload.parse({ submissionId }),
    // One waiting ring for each claim to come: ringing twice is ringing once.
    opts: { jobId: `sub-${submissionId}-${attempt}`, priority },
  };
}
