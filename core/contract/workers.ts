import { z } from 'zod';
import { SubmissionNeeds } from './runs.ts';

/** One GPU of a worker. A `drained` one takes no runs until it is found healthy. */
export const WorkerGpu = z.object({
  id: z.string().describe('GPU-… or MIG-…'),
  name: z.string(),
  memoryMiB: z.number().optional(),
  driver: z.string().optional(),
  state: z.enum(['idle', 'leased', 'checking', 'drained']),
  reason: z.string().optional().describe('Why it is drained'),
});
export type WorkerGpu = z.infer<typeof WorkerGpu>;

/** What a worker says about itself every few seconds. */
export const WorkerInfo = z
  .object({
    queues: z.array(SubmissionNeeds).describe('What it serves right now'),
    slots: z.object({ score: z.number().int(), cpu: z.number().int(), gpu: z.number().int() }),
    sandbox: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('ready'), runtime: z.string() }),
        z.object({ kind: z.literal('away'), why: z.string() }),
        z.object({ kind: z.literal('off'), why: z.string() }),
      ])
      .describe('Whether it can run code'),
    gpus: z.array(WorkerGpu),
    node: z.string(),
    version: z.string(),
  })
  .meta({ id: 'WorkerInfo' });
export type WorkerInfo = z.infer<typeof WorkerInfo>;
