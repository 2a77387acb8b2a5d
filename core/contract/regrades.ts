import { z } from 'zod';
import { CompetitionParams, Id, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Released } from './grades.ts';

const Text = z.string().trim().min(1).max(10_000);

const RegradeMessage = z.object({
  id: z.number().int(),
  author: z.enum(['student', 'staff']),
  name: z.string().optional().describe('For staff: who wrote it'),
  text: z.string(),
  at: Instant,
});

const regradeFields = {
  id: z.number().int(),
  state: z.enum(['open', 'granted', 'declined']),
  openedAt: Instant,
  decidedAt: Instant.nullable(),
  messages: z.array(RegradeMessage),
};

export const Regrade = z
  .object({
    ...regradeFields,
    student: z
      .object({ userId: z.number().int(), name: z.string(), email: z.string() })
      .optional()
      .describe('For staff'),
  })
  .meta({ id: 'Regrade' });
export type Regrade = z.infer<typeof Regrade>;

export const MyGrade = z
  .object({
    competition: Slug,
    phase: Slug,
    released: Released.nullable().describe('Null: not released (yet)'),
    mayAsk: z.boolean().describe('Whether a regrade may be asked for now'),
    regrades: z.array(Regrade).describe('Newest first'),
  })
  .meta({ id: 'MyGrade' });
export type MyGrade = z.infer<typeof MyGrade>;

export const getMyGrade = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/my-grade',
  schema: {
    operationId: 'getMyGrade',
    summary: 'My grade once it is released, how each point of it came about, and my regrade requests',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: MyGrade },
  },
} as const satisfies Endpoint;

export const askForRegrade = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/regrades',
  schema: {
    operationId: 'askForRegrade',
    summary: 'Ask the staff to look at my released grade again',
    description: 'One request at a time, within the days after the release that the scheme gives.',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ text: Text }),
    response: { 201: Regrade },
  },
} as const satisfies Endpoint;

export const listRegrades = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/regrades',
  schema: {
    operationId: 'listRegrades',
    summary:
      'The regrade requests of a phase: the open ones, the oldest first, then those decided, the newest first (staff)',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: z.object({ regrades: z.array(Regrade) }) },
  },
} as const satisfies Endpoint;

const RegradeParams = z.object({ id: Id });

export const addRegradeMessage = {
  method: 'POST',
  url: '/api/v1/regrades/:id/messages',
  schema: {
    operationId: 'addRegradeMessage',
    summary: 'Write into the thread of an open regrade request: its student and staff',
    tags: ['Grades'],
    params: RegradeParams,
    body: z.strictObject({ text: Text }),
    response: { 201: Regrade },
  },
} as const satisfies Endpoint;

export const decideRegrade = {
  method: 'POST',
  url: '/api/v1/regrades/:id/decision',
  schema: {
    operationId: 'decideRegrade',
    summary: 'Close a regrade request with its outcome (staff)',
    description: 'The grade itself is changed by marks or an override, and shown by releasing it anew.',
    tags: ['Grades'],
    params: RegradeParams,
    body: z.strictObject({ outcome: z.enum(['granted', 'declined']), text: Text.describe('Why; the student sees it') }),
    response: { 200: Regrade },
  },
} as const satisfies Endpoint;
