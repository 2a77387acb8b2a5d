import { z } from 'zod';
import { Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { SubmissionNeeds } from './runs.ts';
import { WorkerInfo } from './workers.ts';

const Count = z.number().int();

export const QueueState = z
  .object({
    needs: SubmissionNeeds,
    waiting: Count,
    running: Count,
    oldestWaitingSeconds: z.number().nullable().describe('Null where nothing waits'),
    slots: Count.describe('How many can be graded at once, by the workers that are there'),
    withoutImage: Count.describe('Of those that wait: code for which there is no image yet'),
  })
  .meta({ id: 'QueueState' });
export type QueueState = z.infer<typeof QueueState>;

export const WorkerState = z
  .object({
    name: z.string(),
    startedAt: Instant,
    seenAt: Instant,
    alive: z.boolean().describe('Seen within the last 30 seconds'),
    info: WorkerInfo.nullable().describe('Null: it is of another version, and says other things'),
  })
  .meta({ id: 'WorkerState' });
export type WorkerState = z.infer<typeof WorkerState>;

export const JobState = z
  .object({
    submissionId: Count,
    competition: z.string(),
    phase: z.string(),
    needs: SubmissionNeeds,
    state: z.enum(['queued', 'running']),
    since: Instant.describe('When it was queued, or claimed'),
    attempt: Count,
    tries: Count,
    worker: z.string().nullable().describe('Where its code runs'),
    stuck: z
      .enum(['lease-over', 'no-worker', 'no-image', 'long'])
      .nullable()
      .describe(
        'lease-over: its worker is gone, and no other took it; no-worker: none serves its queue; no-image: its phase has no image; long: it takes longer than it may',
      ),
    fault: z.string().nullable().describe('Of its last attempt'),
  })
  .meta({ id: 'JobState' });
export type JobState = z.infer<typeof JobState>;

const Seconds = z
  .object({ half: z.number(), most: z.number() })
  .describe('Seconds: the median, and what 95 % stay within');

export const StageDurations = z
  .object({
    needs: SubmissionNeeds,
    finished: Count,
    failed: Count,
    waiting: Seconds.nullable(),
    grading: Seconds.nullable().describe('From the claim to the verdict'),
    preparing: Seconds.nullable().describe('Of runs: until the sandbox was ready'),
    running: Seconds.nullable().describe('Of runs: the program'),
    scoring: Seconds.nullable().describe('Of runs: from its end to the verdict'),
  })
  .meta({ id: 'StageDurations' });
export type StageDurations = z.infer<typeof StageDurations>;

const Outbox = z.object({
  waiting: Count,
  failed: Count.describe('Given up in the last day'),
  oldestWaitingSeconds: z.number().nullable(),
});

export const Operations = z
  .object({
    at: Instant,
    queues: z.array(QueueState),
    workers: z.array(WorkerState),
    jobs: z.array(JobState).describe('What runs, and what waits the longest; the stuck ones first, 100 at most'),
    durations: z.array(StageDurations).describe('Of the last 24 hours'),
    disk: z.object({ totalBytes: z.number(), freeBytes: z.number(), databaseBytes: z.number() }),
    outboxes: z.object({ mail: Outbox, hooks: Outbox }),
    dependencies: z.object({ redis: z.boolean(), mail: z.boolean().describe('Whether the server sends mail') }),
    versions: z.object({ topk: z.string(), node: z.string(), postgres: z.string(), migration: z.string() }),
  })
  .meta({ id: 'Operations' });
export type Operations = z.infer<typeof Operations>;

export const getOperations = {
  method: 'GET',
  url: '/api/v1/operations',
  schema: {
    operationId: 'getOperations',
    summary: 'How the server goes: queues, workers, GPUs, jobs, durations, disk and versions (site admin)',
    tags: ['Runs'],
    response: { 200: Operations },
  },
} as const satisfies Endpoint;
