import { z } from 'zod';
import { AnswerKeyReceipt } from './competitions.ts';
import { CompetitionParams, Id, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Place = z
  .object({
    rank: z.number().int().nullable().describe('Null: a baseline'),
    value: z.number(),
    submissionId: z.number().int().describe('Which one counts'),
  })
  .nullable()
  .describe('Null: not on the board');

export const KeyMove = z
  .object({
    team: z.string(),
    baseline: z.boolean(),
    members: z.array(z.object({ name: z.string(), email: z.string() })),
    before: Place,
    after: Place,
  })
  .meta({ id: 'KeyMove' });
export type KeyMove = z.infer<typeof KeyMove>;

export const KeyPreview = z
  .object({
    id: z.number().int(),
    phase: Slug,
    state: z
      .enum(['computing', 'ready', 'failed', 'applied', 'discarded'])
      .describe('discarded: another one took its place'),
    version: z.string().describe('SHA-256 of the file'),
    rows: z.number().int(),
    publicRows: z.number().int(),
    privateRows: z.number().int(),
    ignoredRows: z.number().int(),
    total: z.number().int().describe('Submissions with a verdict'),
    done: z.number().int(),
    unknown: z.number().int().describe('Code without predictions that could be scored: taken as unchanged'),
    fault: z.string().optional().describe('Why it could not be computed'),
    createdAt: Instant,
    moves: z
      .object({ public: z.array(KeyMove), private: z.array(KeyMove) })
      .optional()
      .describe('Once it is ready: every team on either side, in the order of the new board'),
  })
  .meta({ id: 'KeyPreview' });
export type KeyPreview = z.infer<typeof KeyPreview>;

export const createKeyPreview = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/answer-key/previews',
  schema: {
    operationId: 'createKeyPreview',
    summary: 'See who would move with another answer key, before it is put in force (instructor)',
    description:
      'The key is checked at once; then workers score every file with it, and change nothing. Takes the place of an earlier preview of the phase.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    upload: { fields: [] },
    response: { 202: KeyPreview },
  },
} as const satisfies Endpoint;

const params = CompetitionParams.extend({ id: Id });

export const getKeyPreview = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/answer-key/previews/:id',
  schema: {
    operationId: 'getKeyPreview',
    summary: 'A preview of an answer key: how far it is, and then each team’s old and new score and rank (instructor)',
    tags: ['Competitions'],
    params,
    response: { 200: KeyPreview },
  },
} as const satisfies Endpoint;

export const applyKeyPreview = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/answer-key/previews/:id/apply',
  schema: {
    operationId: 'applyKeyPreview',
    summary: 'Put a previewed answer key in force and score all with it (instructor)',
    params,
    tags: ['Competitions'],
    response: { 200: AnswerKeyReceipt },
  },
} as const satisfies Endpoint;
