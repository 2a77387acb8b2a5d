import { z } from 'zod';
import { CompetitionParams, Empty, Instant, nextCursor, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Board, BoardScores } from './scores.ts';

export const LeaderboardRow = z
  .object({
    rank: z.number().int().nullable().describe('Null for a baseline'),
    publicRank: z
      .number()
      .int()
      .nullable()
      .optional()
      .describe('On the private board: the rank on the public one; null for a baseline, and for who has none there'),
    name: z.string().describe('A pseudonym, or a baseline’s title'),
    shownNames: z.array(z.string()).optional().describe('Of the team’s members, those who show theirs to classmates'),
    baseline: z.boolean(),
    value: z.number().describe('The primary metric, at full precision'),
    scores: BoardScores,
    members: z
      .array(z.object({ name: z.string(), email: z.string() }))
      .optional()
      .describe('For staff'),
    submissionId: z.number().int().optional().describe('For staff'),
    submittedAt: Instant.optional().describe('For staff'),
  })
  .meta({ id: 'LeaderboardRow' });
export type LeaderboardRow = z.infer<typeof LeaderboardRow>;

export const Leaderboard = z
  .object({
    competition: Slug,
    phase: Slug,
    board: Board,
    revealed: z.boolean(),
    primaryMetric: z.string(),
    metrics: z.array(z.string()),
    teams: z.number().int().describe('Ranked teams'),
    rows: z.array(LeaderboardRow),
    nextCursor,
    me: LeaderboardRow.nullable().describe('My team’s row, wherever it stands'),
  })
  .meta({ id: 'Leaderboard' });
export type Leaderboard = z.infer<typeof Leaderboard>;

const boardQuery = PhaseQuery.extend({
  board: Board.default('public'),
  part: Slug.optional().describe('Only what was submitted for this part of the phase'),
});

export const getLeaderboard = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/leaderboard',
  schema: {
    operationId: 'getLeaderboard',
    summary: 'A board, best first; the private one for staff, and for students after the reveal',
    description:
      'Ranking: the better primary score at full precision, then the earlier submission. The private board is, for students, the final standing from ' +
      'when it is frozen on; for staff it goes on changing with what is rescored. Students see no board of fewer than five teams, unless the ' +
      'competition shows small ones. Send `If-None-Match` to be answered 304.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: boardQuery.extend({
      limit: z.coerce.number().int().min(1).max(2000).default(100),
      cursor: z.coerce.number().int().min(0).max(10_000_000).optional(),
    }),
    response: { 200: Leaderboard, 304: Empty },
  },
} as const satisfies Endpoint;

export const exportLeaderboard = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/leaderboard.csv',
  schema: {
    operationId: 'exportLeaderboard',
    summary: 'A board as CSV, with names (staff)',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: boardQuery,
    produces: ['text/csv'],
    response: {},
  },
} as const satisfies Endpoint;

export const leaderboardEvents = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/leaderboard/events',
  schema: {
    operationId: 'leaderboardEvents',
    summary: 'Tells, as server-sent events, that a board has changed; the board is then read again',
    tags: ['Live'],
    params: CompetitionParams,
    querystring: boardQuery,
    produces: ['text/event-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const PartStanding = z
  .object({
    slug: Slug,
    title: z.string(),
    public: LeaderboardRow.nullable().describe(
      'Null: my team has no score in this part. Its rank is null where the board is hidden from students',
    ),
    private: LeaderboardRow.nullable().optional().describe('After the reveal'),
  })
  .meta({ id: 'PartStanding' });

export const getParts = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/parts',
  schema: {
    operationId: 'getParts',
    summary: 'Where my team stands in each part of a phase, with the submission that counts there',
    description: 'What counts in a part is chosen as in the whole phase, among the submissions for it.',
    tags: ['Leaderboard'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: z.object({ parts: z.array(PartStanding) }) },
  },
} as const satisfies Endpoint;
