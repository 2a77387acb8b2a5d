import { z } from 'zod';
import { CompetitionParams, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Course = z
  .object({
    name: z.string().describe('A pseudonym, or a baseline’s title'),
    baseline: z.boolean(),
    mine: z.boolean(),
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          rank: z.number().int().nullable().describe('Null for a baseline'),
          value: z.number().describe('What counted at the end of the day, to five decimals'),
        }),
      )
      .describe('Of the history’s days those on which it was on the board, in order'),
  })
  .meta({ id: 'BoardCourse' });

export const BoardHistory = z
  .object({
    competition: Slug,
    phase: Slug,
    metric: z.string(),
    days: z
      .array(z.iso.date())
      .describe(
        'Of the course’s zone, the last one as it stands now; none on which a student would not have seen the board',
      ),
    courses: z.array(Course).describe('Of the first teams of today’s board, best first, of mine and of the baselines'),
  })
  .meta({ id: 'BoardHistory' });
export type BoardHistory = z.infer<typeof BoardHistory>;

export const getBoardHistory = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/leaderboard/history',
  schema: {
    operationId: 'getBoardHistory',
    summary: 'How the public board stood at the end of each day: the race for the first ranks',
    description:
      'Days, not times: nobody is told when exactly a classmate submitted. It is worked out from what counts by today’s answer key and scores, so a day may ' +
      'look otherwise than it did then. It may be a minute old.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery.extend({
      teams: z.coerce.number().int().min(1).max(50).default(10).describe('How many of the first teams'),
    }),
    response: { 200: BoardHistory },
  },
} as const satisfies Endpoint;
