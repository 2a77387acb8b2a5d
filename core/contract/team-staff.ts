import { z } from 'zod';
import { CompetitionParams, Id, Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Student = z.object({ userId: z.number().int(), name: z.string(), email: z.string() });

export const TeamList = z
  .object({
    maxTeamSize: z.number().int(),
    locksAt: Instant.nullable().describe('From when on students can’t change their teams'),
    teams: z.array(
      z.object({
        id: z.number().int(),
        pseudonym: z.string(),
        members: z.array(
          Student.extend({ current: z.boolean().describe('False: dropped from the course, or staff by now') }),
        ),
        submissions: z.number().int().describe('All that it ever sent'),
      }),
    ),
    alone: z.array(Student).describe('Students who are in no team yet: their first submission makes one'),
  })
  .meta({ id: 'TeamList' });
export type TeamList = z.infer<typeof TeamList>;

const reason = z
  .string()
  .trim()
  .max(2000)
  .default('')
  .describe('For staff; required where one of the teams has sent something');

export const listTeams = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/teams',
  schema: {
    operationId: 'listTeams',
    summary: 'The teams of students, with their members (staff)',
    tags: ['Teams'],
    params: CompetitionParams,
    response: { 200: TeamList },
  },
} as const satisfies Endpoint;

export const moveStudent = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/teams/moves',
  schema: {
    operationId: 'moveStudent',
    summary: 'Put a student into a team, or into one of their own (staff)',
    description: 'Neither the maximum size nor the lock date binds staff.',
    tags: ['Teams'],
    params: CompetitionParams,
    body: z.strictObject({
      userId: Id,
      teamId: Id.nullable().describe('Null: a new team'),
      takeSubmissions: z.boolean().default(false).describe('Whether what they sent themselves goes with them'),
      reason,
    }),
    response: { 200: TeamList },
  },
} as const satisfies Endpoint;

export const mergeTeams = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/teams/merges',
  schema: {
    operationId: 'mergeTeams',
    summary: 'Let two teams become one, with all that they sent and their extensions (staff)',
    description: 'Neither limits, the maximum size nor the lock date bind staff.',
    tags: ['Teams'],
    params: CompetitionParams,
    body: z
      .strictObject({ fromTeamId: Id, intoTeamId: Id, reason })
      .refine(({ fromTeamId, intoTeamId }) => fromTeamId !== intoTeamId, { message: 'must be two teams' }),
    response: { 200: TeamList },
  },
} as const satisfies Endpoint;
