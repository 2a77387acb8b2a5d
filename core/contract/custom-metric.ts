import { z } from 'zod';
import { CompetitionParams, Empty } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const CustomMetricReceipt = z
  .object({
    fileName: z.string(),
    sha256: z.string(),
    higherIsBetter: z.boolean(),
    rescoring: z.number().int().describe('How many submissions were queued again, where `custom` is among the metrics'),
  })
  .meta({ id: 'CustomMetricReceipt' });

export const putCustomMetric = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/metric',
  schema: {
    operationId: 'putCustomMetric',
    summary: 'Upload the Python file that computes the metric `custom` (instructor)',
    description:
      '`score(solution, submission, row_id_column_name)` takes two data frames of the same rows in the same order and returns a float, or a dict of floats ' +
      'of which the first is ranked by. It is called for each board. Only the text of `ParticipantVisibleError` reaches students. At most 256 KiB. ' +
      'Where `custom` is among the metrics, everything is scored again.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: z.object({
      filename: z.string().max(255).optional().describe('For raw bytes: the file’s name'),
      higherIsBetter: z.stringbool().default(true).describe('Whether a higher value ranks first'),
    }),
    upload: { fields: [] },
    response: { 200: CustomMetricReceipt },
  },
} as const satisfies Endpoint;

export const deleteCustomMetric = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/metric',
  schema: {
    operationId: 'deleteCustomMetric',
    summary: 'Take the custom metric’s file away (instructor), once `custom` is not among the metrics',
    tags: ['Competitions'],
    params: CompetitionParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
