import { z } from 'zod';
import { CompetitionParams, CourseParams, Empty, Slug } from './common.ts';
import { competitionSettings, FileName } from './competitions.ts';
import type { Endpoint } from './endpoint.ts';
import { GradeScheme } from './grade-scheme.ts';
import { phaseSettings } from './phases.ts';

/** The settings of a competition that `competition.yaml` has by the API's names. The description is a file, and the first metric the primary one. */
export const folderSettings = z
  .object(competitionSettings)
  .omit({ description: true, primaryMetric: true })
  .partial()
  .required({ title: true, metrics: true });

const sha256 = z.string().describe('SHA-256 of the file');

/** All of a competition that a folder holds, as the server has it: its files by their hashes. */
export const FolderState = z.object({
  settings: folderSettings,
  description: z.string(),
  published: z.boolean(),
  customMetric: z.object({ fileName: z.string(), higherIsBetter: z.boolean(), sha256 }).nullable(),
  phases: z.array(
    z.object({
      slug: Slug,
      title: z.string(),
      settings: z.object(phaseSettings),
      answerKey: sha256.nullable(),
      gradeScheme: GradeScheme.nullable(),
      gradeSchemeVersion: z.number().int(),
    }),
  ),
  data: z.array(z.object({ name: FileName, hidden: z.boolean(), phase: Slug.optional(), sha256 })),
  baselines: z.array(
    z.object({ name: z.string(), phase: Slug, part: z.string().optional(), fileName: z.string(), sha256 }),
  ),
});
export type FolderState = z.infer<typeof FolderState>;

export const getCompetitionFolder = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/folder',
  schema: {
    operationId: 'getCompetitionFolder',
    summary: 'What a folder of the competition would hold, and the competition.yaml that it was pushed with (staff)',
    description: '`npm run topk -- pull` makes the folder of it.',
    tags: ['Competitions'],
    params: CompetitionParams,
    response: {
      200: z.object({
        course: Slug,
        slug: Slug,
        timeZone: z.string(),
        secrets: z
          .boolean()
          .describe('Whether I may download hidden files, answer keys, baselines and the metric: instructors may'),
        source: z.string().nullable().describe('competition.yaml, to the byte; null: it was never pushed'),
        pushed: FolderState.nullable().describe('As it was after that push'),
        now: FolderState,
      }),
    },
  },
} as const satisfies Endpoint;
export type FolderView = z.output<(typeof getCompetitionFolder.schema.response)[200]>;

/** More than any competition needs; a thousand classes are some 20 KB. */
export const maxSourceBytes = 128 * 1024;

export const putCompetitionFolder = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/folder',
  schema: {
    operationId: 'putCompetitionFolder',
    summary: 'Keep the competition.yaml that a competition was pushed with (instructor)',
    description: 'The last step of a push. It changes no setting.',
    tags: ['Competitions'],
    params: CompetitionParams,
    body: z.strictObject({ source: z.string().min(1).max(maxSourceBytes) }),
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

export const downloadFolderFile = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/folder/:name',
  schema: {
    operationId: 'downloadFolderFile',
    summary: 'A file of the competition’s folder by its SHA-256; what students must not see is for instructors',
    tags: ['Competitions'],
    params: CompetitionParams.extend({ name: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256') }),
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

/** A part of a folder, and what a push makes of it. */
export const FolderChange = z.object({
  what: z.string().describe('A file, a phase, the competition'),
  how: z.enum(['made', 'changed', 'sent', 'published', 'unchanged', 'stays']),
  detail: z.string().optional().describe('Which settings change, or why something stays'),
});
export type FolderChange = z.infer<typeof FolderChange>;

export const uploadCompetitionFolder = {
  method: 'POST',
  url: '/api/v1/courses/:course/competition-folder',
  schema: {
    operationId: 'uploadCompetitionFolder',
    summary: 'Push a folder with competition.yaml as a zip: makes the competition, or brings it in line (instructor)',
    description:
      'Nothing is done where the folder has errors; each names its line. Nothing is deleted: what is on the server and not in the folder stays. ' +
      'Where something is refused half-way, what was done stays, and the same zip goes on from there.',
    tags: ['Competitions'],
    params: CourseParams,
    querystring: z.object({
      filename: z.string().max(255).optional(),
      preview: z.stringbool().default(false).describe('Only tell what would change'),
    }),
    upload: { fields: [] },
    response: {
      200: z.object({
        slug: Slug,
        preview: z.boolean(),
        changes: z.array(FolderChange),
        notices: z.array(z.string()).describe('What to look at, such as data that looks as if it held labels'),
      }),
    },
  },
} as const satisfies Endpoint;
export type FolderUpload = z.output<(typeof uploadCompetitionFolder.schema.response)[200]>;
