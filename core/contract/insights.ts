import { z } from 'zod';
import { CompetitionParams, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Team = z.object({ team: z.string(), submissionId: z.number().int() });
const count = z.number().int();

export const Insights = z
  .object({
    phase: Slug,
    metric: z.string().describe('The primary metric, whose values these are'),
    hours: z
      .array(z.object({ at: Instant, count }))
      .describe('Submissions received in the hour from `at` on, as long as any was; the last 2,000 such hours'),
    students: count,
    missing: z
      .array(z.object({ userId: count, name: z.string(), email: z.string(), section: z.string() }))
      .describe('Students whose team has sent nothing yet, by name'),
    gains: z
      .array(z.object({ at: Instant, best: z.number(), median: z.number(), teams: count }))
      .describe(
        'The best public score so far of any team, and the median of each team’s best so far; at most 200 times',
      ),
    standings: z
      .array(Team.extend({ public: z.number(), private: z.number() }))
      .describe('Of each team the submission that counts on the private board, the best first'),
  })
  .meta({ id: 'Insights' });
export type Insights = z.infer<typeof Insights>;

export const getInsights = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/insights',
  schema: {
    operationId: 'getInsights',
    summary:
      'How a phase goes: submissions over time, who has sent nothing, gains, public against private scores (staff)',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: Insights },
  },
} as const satisfies Endpoint;

export const AgreeingPair = z
  .object({
    a: Team,
    b: Team,
    wrong: count.describe('Compared rows that both got wrong'),
    same: count.describe('Of these, where both gave the same wrong label'),
    expected: z.number().describe('How many that would be by chance, by what the other teams answered to these rows'),
    chance: z
      .number()
      .describe(
        'At most so likely is it that any pair of the phase agrees so often by chance: a bound, all pairs being allowed for',
      ),
  })
  .meta({ id: 'AgreeingPair' });
export type AgreeingPair = z.infer<typeof AgreeingPair>;

export const RowInsights = z
  .object({
    phase: Slug,
    metric: z.string().describe('By which a row counts as right'),
    teams: count.describe('Whose submissions that count on the private board were read'),
    of: count.describe('How many there are; where it is more, the best were read'),
    rows: count,
    hardest: z
      .array(
        z.object({
          id: z.string(),
          truth: z.string(),
          right: count.describe('How many of `teams` got it right'),
          mistake: z.object({ label: z.string(), count }).nullable().describe('The most frequent wrong label'),
        }),
      )
      .describe('At most 50, the hardest first'),
    confusions: z
      .array(z.object({ truth: z.string(), predicted: z.string(), count, share: z.number() }))
      .describe('At most 50, the most frequent first; `share` is of all answers to rows of that true label'),
    pairs: z.array(AgreeingPair).describe('At most 50 with a chance below 0.01, the least likely first'),
    comparedPairs: count,
    comparedRows: count.describe('Rows that pairs were compared on: evenly taken where all would be too many'),
  })
  .meta({ id: 'RowInsights' });
export type RowInsights = z.infer<typeof RowInsights>;

export const getRowInsights = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/insights/rows',
  schema: {
    operationId: 'getRowInsights',
    summary:
      'The hardest rows of a phase, labels that are confused, and submissions that agree more than chance allows (staff)',
    description:
      'Of the submissions that count on the private board. Their files are read anew where something has changed, which takes a while; two models that were ' +
      'trained alike also agree: a pair is a reason to look at both, and no proof.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: RowInsights },
  },
} as const satisfies Endpoint;
