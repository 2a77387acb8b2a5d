import { z } from 'zod';
import { CompetitionParams, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { LeaderboardRow } from './leaderboard.ts';
import { BoardScores } from './scores.ts';

/** What is frozen, and hashed in its canonical form (RFC 8785). Only what classmates may see is in it. */
export const FinalDocument = z.object({
  format: z.literal('topk-final-1'),
  competition: z.string(),
  phase: z.string(),
  metrics: z.array(z.string()),
  rows: z.array(
    z.object({
      rank: z.number().int().nullable(),
      publicRank: z.number().int().nullable(),
      name: z.string(),
      baseline: z.boolean(),
      value: z.number(),
      scores: BoardScores,
    }),
  ),
});
export type FinalDocument = z.infer<typeof FinalDocument>;

const Version = z.object({
  version: z.number().int().describe('From 1; the highest one holds'),
  hash: z.string().describe('SHA-256 of the file final.json'),
  frozenAt: Instant,
});

export const FinalStandingView = z
  .object({
    competition: Slug,
    phase: Slug,
    revealed: z.boolean(),
    final: Version.nullable().describe('Null: not frozen yet, or not revealed to me'),
    forStaff: z
      .object({
        waiting: z.number().int().describe('Submissions that wait or run: nothing is frozen before they are graded'),
        differs: z.boolean().describe('Whether the private board has changed since it was frozen'),
        versions: z
          .array(Version.extend({ frozenBy: z.string().nullable().describe('Null: the server'), reason: z.string() }))
          .describe('Newest first'),
      })
      .optional(),
  })
  .meta({ id: 'FinalStanding' });
export type FinalStandingView = z.infer<typeof FinalStandingView>;

export const getFinalStanding = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/final',
  schema: {
    operationId: 'getFinalStanding',
    summary: 'Whether a phase’s final standing is frozen, and its hash',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: FinalStandingView },
  },
} as const satisfies Endpoint;

export const downloadFinalStanding = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/final.json',
  schema: {
    operationId: 'downloadFinalStanding',
    summary: 'The final standing, to the byte what its hash is of: ranks, public ranks, pseudonyms and private scores',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    produces: ['application/json'],
    response: {},
  },
} as const satisfies Endpoint;

export const exportFinalStanding = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/final.csv',
  schema: {
    operationId: 'exportFinalStanding',
    summary: 'The final standing as CSV, with names (staff)',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    produces: ['text/csv'],
    response: {},
  },
} as const satisfies Endpoint;

export const exportFinalStandingWithNames = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/final-with-names.json',
  schema: {
    operationId: 'exportFinalStandingWithNames',
    summary: 'The final standing as JSON, with names (staff)',
    description: 'Of teams that are there still. The hash is that of final.json, in which there are no names.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: {
      200: z.object({
        competition: Slug,
        phase: Slug,
        ...Version.shape,
        metrics: z.array(z.string()),
        rows: z.array(LeaderboardRow),
      }),
    },
  },
} as const satisfies Endpoint;

export const revealPrivateBoard = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/reveal',
  schema: {
    operationId: 'revealPrivateBoard',
    summary: 'Show students the private board now, before the time that is set (instructor)',
    description:
      'Only once nobody can submit any more, extensions included. The final standing is frozen as soon as everything is graded.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: FinalStandingView },
  },
} as const satisfies Endpoint;

export const freezeFinalStanding = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/final',
  schema: {
    operationId: 'freezeFinalStanding',
    summary: 'Freeze the private board as it stands now as the next version of the final standing (instructor)',
    description: 'Versions before it are kept.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ reason: z.string().trim().min(1).max(1000).describe('Why it changes; staff see it') }),
    response: { 201: FinalStandingView },
  },
} as const satisfies Endpoint;
