import { z } from 'zod';
import { Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { common, competitionName, nextPageToken, page, pageSize, pageToken, text } from './kaggle-fields.ts';

export const KaggleSubmission = z.object({
  ref: z.number().int(),
  totalBytes: z.number().int(),
  date: Instant,
  description: z.string(),
  errorDescription: z.string(),
  fileName: z.string(),
  publicScore: z.string(),
  privateScore: z.string(),
  status: z.enum(['PENDING', 'COMPLETE', 'ERROR']),
  submittedBy: z.string(),
  submittedByRef: z.string(),
  teamName: z.string(),
  url: z.string(),
});
export type KaggleSubmission = z.infer<typeof KaggleSubmission>;

export const kaggleStartSubmissionUpload = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/StartSubmissionUpload',
  schema: {
    ...common,
    operationId: 'kaggleStartSubmissionUpload',
    summary: 'Ask where to put a submission’s file; refused where it would be refused then',
    body: z.object({
      competitionName,
      contentLength: z.number().int().min(0).default(0),
      lastModifiedEpochSeconds: z.number().default(0),
      fileName: text(1000),
    }),
    response: { 200: z.object({ token: z.string(), createUrl: z.string() }) },
  },
} as const satisfies Endpoint;

export const kagglePutUpload = {
  method: 'PUT',
  url: '/api/v1/kaggle/upload/:token',
  schema: {
    ...common,
    operationId: 'kagglePutUpload',
    summary: 'Put a submission’s file where it was told to; the same again is as once',
    params: z.object({ token: z.string().max(200) }),
    upload: { fields: [] },
    response: { 200: z.object({ bytes: z.number().int() }) },
  },
} as const satisfies Endpoint;

export const kaggleCreateSubmission = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/CreateSubmission',
  schema: {
    ...common,
    operationId: 'kaggleCreateSubmission',
    summary: 'Submit the file that was put',
    body: z.object({
      competitionName,
      blobFileTokens: z.union([z.string().max(200), z.array(z.string().max(200)).max(1)]).default(''),
      submissionDescription: text(100_000),
      sandbox: z.boolean().default(false),
    }),
    response: { 200: z.object({ message: z.string(), ref: z.number().int() }) },
  },
} as const satisfies Endpoint;

export const kaggleListSubmissions = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/ListSubmissions',
  schema: {
    ...common,
    operationId: 'kaggleListSubmissions',
    summary: 'My team’s submissions, newest first',
    body: z.object({ competitionName, page, pageSize, pageToken, sortBy: text(100), group: text(100) }),
    response: { 200: z.object({ submissions: z.array(KaggleSubmission), nextPageToken }) },
  },
} as const satisfies Endpoint;

export const kaggleGetSubmission = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/GetSubmission',
  schema: {
    ...common,
    operationId: 'kaggleGetSubmission',
    summary: 'One submission of my team; any for staff',
    body: z.object({ ref: z.number().int().default(0) }),
    response: { 200: KaggleSubmission },
  },
} as const satisfies Endpoint;

export const kaggleGetSubmissionLimits = {
  method: 'POST',
  url: '/api/v1/competitions.CompetitionApiService/GetSubmissionLimits',
  schema: {
    ...common,
    operationId: 'kaggleGetSubmissionLimits',
    summary: 'How many submissions my team has used and has left',
    body: z.object({ competitionName }),
    response: {
      200: z.object({
        numToday: z.number().int(),
        numTotal: z.number().int(),
        numAllowedNow: z.number().int(),
        limitedByTotal: z.boolean(),
      }),
    },
  },
} as const satisfies Endpoint;
