import { z } from 'zod';
import { Instant, Slug } from './common.ts';
import { LatePolicy, MyDates } from './dates.ts';
import type { Endpoint } from './endpoint.ts';
import { Allowance } from './submissions.ts';

export const Due = z
  .object({
    course: Slug,
    timeZone: z.string().describe('The course’s'),
    competition: Slug,
    title: z.string(),
    phase: Slug,
    phaseTitle: z.string().nullable().describe('Null where the competition has only one phase'),
    status: z.enum(['upcoming', 'open']).describe('By my own dates'),
    opensAt: Instant.nullable(),
    mine: MyDates,
    latePolicy: LatePolicy,
    standing: z
      .object({
        rank: z.number().int().nullable().describe('Null where the board is hidden, since few teams are on it'),
        teams: z.number().int().nullable().describe('Ranked teams; null as the rank'),
        metric: z.string(),
        value: z.number(),
      })
      .nullable()
      .describe('Of my team on the public board; null before its first score'),
    allowance: Allowance,
  })
  .meta({ id: 'Due' });
export type Due = z.infer<typeof Due>;

export const listDue = {
  method: 'GET',
  url: '/api/v1/me/due',
  schema: {
    operationId: 'listDue',
    summary: 'What I may still submit, and what opens later, in the courses that I take: next due first',
    tags: ['Submissions'],
    response: { 200: z.object({ due: z.array(Due) }) },
  },
} as const satisfies Endpoint;
