import { CompetitionParams, PhaseQuery } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const downloadStarter = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/starter.ipynb',
  schema: {
    operationId: 'downloadStarter',
    summary: 'A notebook that fetches the data, trains a baseline and submits it',
    description:
      'It holds nothing of who asks for it: it asks for an API token when it is run. Tables that are called train.csv, test.csv and ' +
      'sample_submission.csv are learned from; elsewhere the sample submission is the baseline.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    produces: ['application/x-ipynb+json'],
    response: {},
  },
} as const satisfies Endpoint;

/** Whether a token would be readable on its way: plain http, to another machine than the reader's. The Python client then wants to be told so. */
export function isUnencrypted(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
