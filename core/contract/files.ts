import { z } from 'zod';
import { CompetitionParams, Empty, Slug } from './common.ts';
import { DataFile, FileName } from './competitions.ts';
import type { Endpoint } from './endpoint.ts';

export const addFiles = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/files',
  schema: {
    operationId: 'addFiles',
    summary: 'Add files for download, one or several (instructor); a name that is there is replaced',
    description:
      'The row order of `sample_submission.csv` is the row order of score arrays; where it is replaced, `POST …/rescore` applies it to what was scored before. ' +
      'With `hidden` they are for graded runs only: test features, never labels.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: z.object({
      filename: FileName.optional(),
      hidden: z
        .stringbool()
        .optional()
        .describe('Without it a new file is public, and one that is replaced stays what it is'),
      phase: Slug.optional().describe(
        'The phase whose runs read it, or `all`. Without it a new file is for all phases, and one that is replaced stays what it is',
      ),
    }),
    upload: { fields: [] },
    response: {
      201: z.object({
        files: z.array(DataFile),
        notices: z.array(z.string()).describe('What looks as if it held labels'),
      }),
    },
  },
} as const satisfies Endpoint;

const FileParams = CompetitionParams.extend({ name: FileName });

export const downloadFile = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/files/:name',
  schema: {
    operationId: 'downloadFile',
    summary: 'Download a data file; Range is understood',
    tags: ['Competitions'],
    params: FileParams,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const deleteFile = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/files/:name',
  schema: {
    operationId: 'deleteFile',
    summary: 'Take a data file away (instructor)',
    tags: ['Competitions'],
    params: FileParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
