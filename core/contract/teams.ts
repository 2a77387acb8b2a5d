import { z } from 'zod';
import { CompetitionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const MyTeam = z
  .object({
    pseudonym: z
      .string()
      .nullable()
      .describe('What classmates see on the board; null: none is drawn before the first submission'),
    nameShown: z.boolean().describe('Whether they see my name beside it'),
    rerollsLeft: z.number().int().describe('How often another pseudonym can be drawn'),
  })
  .meta({ id: 'MyTeam' });
export type MyTeam = z.infer<typeof MyTeam>;

export const getMyTeam = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/team',
  schema: {
    operationId: 'getMyTeam',
    summary: 'Under what name I am on the boards of a competition',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    response: { 200: MyTeam },
  },
} as const satisfies Endpoint;

export const rerollPseudonym = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/team/pseudonym',
  schema: {
    operationId: 'rerollPseudonym',
    summary: 'Draw another pseudonym for my team; the one before is free again, and is told to nobody',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    response: { 200: MyTeam },
  },
} as const satisfies Endpoint;

export const showName = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/team/name',
  schema: {
    operationId: 'showName',
    summary: 'Show classmates my name beside the pseudonym, in this competition, or hide it again',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    body: z.strictObject({ shown: z.boolean() }),
    response: { 200: MyTeam },
  },
} as const satisfies Endpoint;
