import { z } from 'zod';
import { SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Submission } from './submissions.ts';

export const disqualifySubmission = {
  method: 'POST',
  url: '/api/v1/submissions/:id/disqualify',
  schema: {
    operationId: 'disqualifySubmission',
    summary: 'Let a submission count on no board (staff); its team sees that and why, and it stays charged',
    tags: ['Submissions'],
    params: SubmissionParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(2000).describe('For its team') }),
    response: { 200: Submission },
  },
} as const satisfies Endpoint;

export const restoreSubmission = {
  method: 'POST',
  url: '/api/v1/submissions/:id/restore',
  schema: {
    operationId: 'restoreSubmission',
    summary: 'Let a submission count again that was disqualified (staff)',
    tags: ['Submissions'],
    params: SubmissionParams,
    response: { 200: Submission },
  },
} as const satisfies Endpoint;
