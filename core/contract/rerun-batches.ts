import { z } from 'zod';
import { CompetitionParams, Id, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const RerunBatch = z
  .object({
    id: z.number().int(),
    phase: Slug,
    state: z.enum(['running', 'paused', 'cancelled', 'done']),
    runCode: z.boolean().describe('Whether code runs again; else what it last wrote is scored again'),
    total: z.number().int(),
    done: z.number().int(),
    failed: z.number().int().describe('Of those that are done: what the graders gave up on'),
    createdAt: Instant,
    endedAt: Instant.nullable(),
    startedBy: z.string().describe('The name of who started it'),
  })
  .meta({ id: 'RerunBatch' });
export type RerunBatch = z.infer<typeof RerunBatch>;

export const createRerunBatch = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/rerun-batches',
  schema: {
    operationId: 'createRerunBatch',
    summary: 'Score all submissions of a phase again (staff), behind everything else; it can be paused',
    description:
      'All that has finished by now. The old scores stand until the new ones are there. One at a time for each phase.',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ runCode: RerunBatch.shape.runCode.default(false) }),
    response: { 202: RerunBatch },
  },
} as const satisfies Endpoint;

export const listRerunBatches = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/rerun-batches',
  schema: {
    operationId: 'listRerunBatches',
    summary: 'The reruns of a phase and how far they are, newest first (staff)',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: z.object({ batches: z.array(RerunBatch).describe('At most twenty') }) },
  },
} as const satisfies Endpoint;

export const changeRerunBatch = {
  method: 'PATCH',
  url: '/api/v1/competitions/:slug/rerun-batches/:id',
  schema: {
    operationId: 'changeRerunBatch',
    summary: 'Pause, resume or cancel a rerun of a phase (staff)',
    description: 'What nobody has begun is taken back, and keeps its old score; what is being graded goes on.',
    tags: ['Submissions'],
    params: CompetitionParams.extend({ id: Id }),
    body: z.strictObject({ state: z.enum(['running', 'paused', 'cancelled']) }),
    response: { 200: RerunBatch },
  },
} as const satisfies Endpoint;
