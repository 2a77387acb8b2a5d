import { z } from 'zod';

/**
 * The doorbells: a job's name → its queue and the schema of its payload, which is ids only. Both ends parse with it. Attempts, backoff and
 * history are Postgres's business: a ring that is lost, repeated or late changes nothing.
 */
export const jobs = {
  score: { queue: 'score', payload: z.object({ submissionId: z.number().int() }) },
  cpu: { queue: 'cpu', payload: z.object({ submissionId: z.number().int() }) },
  gpu: { queue: 'gpu', payload: z.object({ submissionId: z.number().int() }) },
} as const satisfies Record<string, { queue: string; payload: z.ZodType }>;

/** A hint, sent over Redis's publish/subscribe, that something changed; whoever hears it reads Postgres. */
export const Change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('submission'),
    submissionId: z.number().int(),
    phaseId: z.number().int(),
    state: z.string(),
    /** Whether a board may look different now. */
    board: z.boolean(),
    waitedMs: z.number().optional(),
    gradedMs: z.number().optional(),
  }),
  /** A run has gone on: its log or samples have grown, or it came to its next stage. */
  z.object({ kind: z.literal('run'), submissionId: z.number().int(), attempt: z.number().int() }),
  /** What counts on a phase's boards has changed, for all teams. */
  z.object({ kind: z.literal('board'), phaseId: z.number().int() }),
  /** Sessions, tokens, roles, or what a competition says about itself. */
  z.object({ kind: z.literal('access') }),
]);
export type Change = z.infer<typeof Change>;
