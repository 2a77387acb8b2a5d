import { z } from 'zod';
import { Id, SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Path = z.string().min(1).max(1_000);

/** The most of a file that is shown. */
export const maxShownBytes = 512 * 1024;

export const CodeFile = z.object({ path: Path, bytes: z.number().int() }).meta({ id: 'CodeFile' });
export type CodeFile = z.infer<typeof CodeFile>;

export const listCodeFiles = {
  method: 'GET',
  url: '/api/v1/submissions/:id/code',
  schema: {
    operationId: 'listCodeFiles',
    summary: 'The files of a submission’s code (staff)',
    tags: ['Submissions'],
    params: SubmissionParams,
    response: {
      200: z.object({ files: z.array(CodeFile).describe('As they lie in the sandbox; none of predictions') }),
    },
  },
} as const satisfies Endpoint;

export const CodeText = z
  .object({
    path: Path,
    bytes: z.number().int(),
    text: z.string().nullable().describe('Its beginning, as UTF-8; null where it is no text'),
    cut: z.boolean().describe('Whether there is more of it'),
  })
  .meta({ id: 'CodeText' });
export type CodeText = z.infer<typeof CodeText>;

export const getCodeFile = {
  method: 'GET',
  url: '/api/v1/submissions/:id/code/file',
  schema: {
    operationId: 'getCodeFile',
    summary: 'What one file of a submission’s code says (staff)',
    description: `At most its first ${maxShownBytes / 1024} KiB.`,
    tags: ['Submissions'],
    params: SubmissionParams,
    querystring: z.object({ path: Path }),
    response: { 200: CodeText },
  },
} as const satisfies Endpoint;

export const PredictedRow = z
  .object({
    id: z.string(),
    truth: z.string(),
    predicted: z.string().describe('The best label'),
    rank: z
      .number()
      .int()
      .nullable()
      .describe('Of the true label among those predicted, from 1; null: it is not one of them'),
    hit: z.boolean().describe('By the primary metric'),
    usage: z.enum(['both', 'public', 'private', 'ignored']).describe('The boards that the row is on'),
  })
  .meta({ id: 'PredictedRow' });
export type PredictedRow = z.infer<typeof PredictedRow>;

export const PredictedRows = z
  .object({
    metric: z.string(),
    rows: z.array(PredictedRow),
    hits: z.number().int().describe('Of all rows that the question is about'),
    misses: z.number().int(),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'PredictedRows' });
export type PredictedRows = z.infer<typeof PredictedRows>;

export const RowOutcome = z.enum(['all', 'hits', 'misses']);
export type RowOutcome = z.infer<typeof RowOutcome>;

export const listPredictedRows = {
  method: 'GET',
  url: '/api/v1/submissions/:id/rows',
  schema: {
    operationId: 'listPredictedRows',
    summary: 'Which rows a scored submission got right and wrong, with the true and the predicted label (staff)',
    description:
      'Read anew from the file that was scored, with the answer key that its scores are of. In the order of the key, or of the sample submission.',
    tags: ['Submissions'],
    params: SubmissionParams,
    querystring: z.object({
      outcome: RowOutcome.default('misses'),
      board: z.enum(['public', 'private']).optional(),
      truth: z.string().max(500).optional().describe('Only rows of this true label'),
      predicted: z.string().max(500).optional().describe('Only rows with this best label'),
      cursor: Id.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: { 200: PredictedRows },
  },
} as const satisfies Endpoint;
