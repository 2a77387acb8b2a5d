import { z } from 'zod';
import { CompetitionParams, Instant, InstantInput, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Role } from './people.ts';
import { Phase, phaseSettings } from './phases.ts';
import { MetricName } from './scores.ts';

export const CompetitionKind = z.enum(['homework', 'midterm', 'project']);
export type CompetitionKind = z.infer<typeof CompetitionKind>;

/** Names that are offered for download: what the kaggle client can write to disk. */
export const FileName = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/, 'letters, digits, dots, hyphens and underscores');

const metrics = z
  .array(MetricName)
  .min(1)
  .max(10)
  .refine((names) => new Set(names).size === names.length, 'each metric once');
const title = z.string().trim().min(1).max(200);

export const competitionSettings = {
  title,
  description: z.string().max(200_000).describe('Markdown'),
  kind: CompetitionKind,
  metrics: metrics.describe('The first is the primary one, unless primaryMetric says otherwise'),
  primaryMetric: MetricName,
  classes: z
    .array(z.string().min(1).max(200))
    .max(100_000)
    .describe('The labels in the column order of score arrays; empty: taken from the answer key'),
  maxFileBytes: z.number().int().min(1).max(2_000_000_000),
  showSmallBoards: z
    .boolean()
    .describe(
      'Whether students see a board of fewer than five teams, on which a score is easily told to be somebody’s',
    ),
  maxTeamSize: z.number().int().min(1).max(100).describe('How many students a team may have; 1: everybody is alone'),
  teamsLockAt: InstantInput.nullable().describe(
    'From when on students can’t change their teams; at the first due time of a phase in any case, and then only if null',
  ),
};

export const DataFile = z
  .object({
    name: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    url: z.string(),
    hidden: z.boolean().optional().describe('Only graded runs see it, and staff'),
    phase: Slug.optional().describe('The phase whose runs read it; missing: those of all phases'),
  })
  .meta({ id: 'DataFile' });
export type DataFile = z.infer<typeof DataFile>;

export const Competition = z
  .object({
    slug: Slug,
    course: Slug,
    timeZone: z.string(),
    title: z.string(),
    description: z.string(),
    kind: CompetitionKind,
    metrics: z.array(z.string()),
    primaryMetric: z.string(),
    customMetric: z
      .object({
        fileName: z.string(),
        higherIsBetter: z.boolean(),
        sha256: z.string().optional().describe('For staff'),
      })
      .nullable()
      .describe('What the metric `custom` is, where there is one'),
    maxFileBytes: z.number().int(),
    showSmallBoards: z.boolean(),
    maxTeamSize: z.number().int(),
    teamsLockAt: Instant.nullable(),
    publishedAt: Instant.nullable(),
    phases: z.array(Phase),
    currentPhase: Slug,
    files: z.array(DataFile),
    role: Role.describe('Mine'),
    missing: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('For staff, of a draft: what keeps it from being published'),
  })
  .meta({ id: 'Competition' });
export type Competition = z.infer<typeof Competition>;

export const createCompetition = {
  method: 'POST',
  url: '/api/v1/competitions',
  schema: {
    operationId: 'createCompetition',
    summary: 'Make a competition (instructor); students see it once it is published',
    tags: ['Competitions'],
    body: z.strictObject({
      course: Slug,
      slug: Slug,
      title,
      description: competitionSettings.description.default(''),
      kind: CompetitionKind.default('homework'),
      metrics: competitionSettings.metrics.default(['top1']),
      primaryMetric: MetricName.optional(),
      classes: competitionSettings.classes.default([]),
      maxFileBytes: competitionSettings.maxFileBytes.optional(),
      showSmallBoards: competitionSettings.showSmallBoards.default(false),
      maxTeamSize: competitionSettings.maxTeamSize.default(1),
      teamsLockAt: competitionSettings.teamsLockAt.default(null),
      ...phaseSettings,
    }),
    response: { 201: Competition },
  },
} as const satisfies Endpoint;

export const listCompetitions = {
  method: 'GET',
  url: '/api/v1/competitions',
  schema: {
    operationId: 'listCompetitions',
    summary: 'The competitions of my courses',
    tags: ['Competitions'],
    response: { 200: z.object({ competitions: z.array(Competition) }) },
  },
} as const satisfies Endpoint;

export const getCompetition = {
  method: 'GET',
  url: '/api/v1/competitions/:slug',
  schema: {
    operationId: 'getCompetition',
    summary: 'One competition',
    tags: ['Competitions'],
    params: CompetitionParams,
    response: { 200: Competition },
  },
} as const satisfies Endpoint;

export const editCompetition = {
  method: 'PATCH',
  url: '/api/v1/competitions/:slug',
  schema: {
    operationId: 'editCompetition',
    summary: 'Change a competition, or its current phase’s dates and limits (instructor)',
    description: 'Where scores depend on what was changed (metrics, classes), everything is scored again.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ ...z.object(competitionSettings).partial().shape, ...phaseSettings }),
    response: { 200: Competition },
  },
} as const satisfies Endpoint;

export const addPhase = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/phases',
  schema: {
    operationId: 'addPhase',
    summary: 'Add a phase after the others (instructor)',
    tags: ['Competitions'],
    params: CompetitionParams,
    body: z.strictObject({ slug: Slug, title, ...phaseSettings }),
    response: { 201: Competition },
  },
} as const satisfies Endpoint;

export const publishCompetition = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/publish',
  schema: {
    operationId: 'publishCompetition',
    summary: 'Show a competition to students (instructor); refuses with a list of all that is missing',
    tags: ['Competitions'],
    params: CompetitionParams,
    response: { 200: Competition },
  },
} as const satisfies Endpoint;

export const AnswerKeyReceipt = z
  .object({
    version: z.string(),
    rows: z.number().int(),
    publicRows: z.number().int(),
    privateRows: z.number().int(),
    ignoredRows: z.number().int(),
    classes: z.array(z.string()).describe('At most the first 1,000'),
    classCount: z.number().int(),
    notices: z.array(z.string()),
    outdated: z
      .number()
      .int()
      .describe('Submissions whose score is from another version: POST …/rescore brings them up to date'),
    rescoring: z.number().int().describe('How many of them were queued again by this request'),
  })
  .meta({ id: 'AnswerKeyReceipt' });

export const putAnswerKey = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/answer-key',
  schema: {
    operationId: 'putAnswerKey',
    summary: 'Upload the answer key (instructor); it is checked at once',
    description:
      'CSV: the row id, the label, optionally `Usage` (Public, Private, Ignored). Replacing it keeps the old version.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery.extend({
      rescore: z.stringbool().optional().describe('Queue all outdated submissions again'),
    }),
    upload: { fields: [] },
    response: { 200: AnswerKeyReceipt },
  },
} as const satisfies Endpoint;

export const rescore = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/rescore',
  schema: {
    operationId: 'rescore',
    summary: 'Score every submission again (instructor); the old scores stand until the new ones are there',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 202: z.object({ rescoring: z.number().int() }) },
  },
} as const satisfies Endpoint;

export const getShape = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/shape',
  schema: {
    operationId: 'getShape',
    summary: 'The ids and classes that a predictions file must have, for checking it before it is sent; no labels',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;
