import { z } from 'zod';
import { Instant, Slug } from './common.ts';
import { FileName } from './competitions.ts';
import type { Endpoint } from './endpoint.ts';
import { common, competitionName, nextPageToken, page, pageSize, pageToken, text } from './kaggle-fields.ts';

/**
 * The protocol of the unmodified `kaggle` command (docs/kaggle.md): remote calls, all of them POST with a JSON body, from which every field that equals
 * its default is left out. Answers hold no `null` for a list, an enumeration or a page's token; scores are strings, "" where there is none.
 */

export const KaggleError = z.object({ code: z.number().int(), message: z.string() });

export const KaggleCompetition = z.object({
  id: z.number().int(),
  ref: z.string().describe('Its page; the client prints it as the name'),
  title: z.string(),
  url: z.string(),
  description: z.string(),
  organizationName: z.string(),
  category: z.string(),
  reward: z.string(),
  tags: z.array(z.never()),
  deadline: Instant.optional(),
  kernelCount: z.number().int(),
  teamCount: z.number().int(),
  userHasEntered: z.boolean(),
  userRank: z.number().int().optional(),
  maxDailySubmissions: z.number().int(),
  maxTeamSize: z.number().int(),
  evaluationMetric: z.string(),
  isKernelsSubmissionsOnly: z.boolean(),
  submissionsDisabled: z.boolean(),
  mergerDeadline: Instant.optional(),
  newEntrantDeadline: Instant.optional(),
  enabledDate: Instant.optional(),
});
export type KaggleCompetition = z.infer<typeof KaggleCompetition>;

const KaggleFile = z.object({
  ref: z.string(),
  name: z.string(),
  description: z.string(),
  totalBytes: z.number().int(),
  url: z.string(),
  creationDate: Instant,
});

const KaggleBoardRow = z.object({
  teamId: z.number().int(),
  teamName: z.string(),
  submissionDate: Instant.optional().describe('For staff'),
  score: z.string(),
});
export type KaggleBoardRow = z.infer<typeof KaggleBoardRow>;

const KaggleTeamSubmission = z.object({
  id: z.number().int(),
  dateSubmitted: Instant.optional().describe('For the team itself, and staff'),
  publicScore: z.string(),
});
export type KaggleTeamSubmission = z.infer<typeof KaggleTeamSubmission>;

export const kaggleIntrospectToken = {
  method: 'POST',
  url: '/api/v1/security.OAuthService/IntrospectToken',
  schema: {
    ...common,
    operationId: 'kaggleIntrospectToken',
    summary: 'Who holds a token; one that is not valid is told by active: false, never by a failure',
    body: z.object({ token: text(1000) }),
    response: {
      200: z.union([
        z.object({
          active: z.literal(true),
          username: z.string(),
          userId: z.number().int(),
          scope: z.string(),
          exp: z.number().int(),
        }),
        z.object({ active: z.literal(false) }),
      ]),
    },
  },
} as const satisfies Endpoint;

export const kaggleHello = {
  method: 'POST',
  url: '/api/v1/api.v1.DiagnosticsService/Hello',
  schema: {
    ...common,
    operationId: 'kaggleHello',
    summary: 'Who I am',
    body: z.object({}),
    response: { 200: z.object({ userName: z.string() }) },
  },
} as const satisfies Endpoint;

export const kaggleListCompetitions = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/ListCompetitions',
  schema: {
    ...common,
    operationId: 'kaggleListCompetitions',
    summary: 'The competitions of my courses',
    body: z.object({
      group: text(100),
      category: text(100),
      sortBy: text(100),
      search: text(500),
      page,
      pageSize,
      pageToken,
    }),
    response: { 200: z.object({ competitions: z.array(KaggleCompetition), nextPageToken }) },
  },
} as const satisfies Endpoint;

export const kaggleGetCompetition = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/GetCompetition',
  schema: {
    ...common,
    operationId: 'kaggleGetCompetition',
    summary: 'One competition',
    body: z.object({ competitionName }),
    response: { 200: KaggleCompetition },
  },
} as const satisfies Endpoint;

export const kaggleListDataFiles = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/ListDataFiles',
  schema: {
    ...common,
    operationId: 'kaggleListDataFiles',
    summary: 'The files for download',
    body: z.object({ competitionName, pageSize, pageToken }),
    response: { 200: z.object({ files: z.array(KaggleFile), nextPageToken }) },
  },
} as const satisfies Endpoint;

export const kaggleDownloadDataFile = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/DownloadDataFile',
  schema: {
    ...common,
    operationId: 'kaggleDownloadDataFile',
    summary: 'Leads to a file: 302 to a signed URL that ends in its name',
    body: z.object({ competitionName, fileName: text(300) }),
    response: {},
  },
} as const satisfies Endpoint;

export const kaggleDownloadDataFiles = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/DownloadDataFiles',
  schema: {
    ...common,
    operationId: 'kaggleDownloadDataFiles',
    summary: 'Leads to all files: 302 to a signed URL that ends in .zip',
    body: z.object({ competitionName }),
    response: {},
  },
} as const satisfies Endpoint;

const LinkParams = z.object({ slug: Slug, token: z.string().max(200), name: FileName });

export const kaggleFile = {
  method: 'GET',
  url: '/api/v1/kaggle/:slug/file/:token/:name',
  schema: {
    ...common,
    operationId: 'kaggleFile',
    summary: 'A file, for who has the link; Range is understood',
    params: LinkParams,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const kaggleZip = {
  method: 'GET',
  url: '/api/v1/kaggle/:slug/zip/:token/:name',
  schema: {
    ...common,
    operationId: 'kaggleZip',
    summary: 'All files as a zip, for who has the link; Range is understood',
    params: LinkParams,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const kaggleGetLeaderboard = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/GetLeaderboard',
  schema: {
    ...common,
    operationId: 'kaggleGetLeaderboard',
    summary: 'The private board once it is revealed, else the public one',
    body: z.object({ competitionName, pageSize, pageToken }),
    response: { 200: z.object({ submissions: z.array(KaggleBoardRow), nextPageToken }) },
  },
} as const satisfies Endpoint;

export const kaggleDownloadLeaderboard = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/DownloadLeaderboard',
  schema: {
    ...common,
    operationId: 'kaggleDownloadLeaderboard',
    summary: 'The board as CSV in a zip',
    body: z.object({ competitionName }),
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const kaggleListTeamPublicSubmissions = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/ListTeamPublicSubmissions',
  schema: {
    ...common,
    operationId: 'kaggleListTeamPublicSubmissions',
    summary: 'My own team’s scored submissions, any team’s for staff; of another team what the board shows',
    body: z.object({ teamId: z.number().int().default(0) }),
    response: { 200: z.object({ submissions: z.array(KaggleTeamSubmission) }) },
  },
} as const satisfies Endpoint;

export const kaggleListCompetitionPages = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/ListCompetitionPages',
  schema: {
    ...common,
    operationId: 'kaggleListCompetitionPages',
    summary: 'Description, evaluation, rules and data of a competition, as Markdown',
    body: z.object({ competitionName, pageName: text(200) }),
    response: { 200: z.object({ pages: z.array(z.object({ name: z.string(), content: z.string() })) }) },
  },
} as const satisfies Endpoint;
