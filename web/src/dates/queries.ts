import { queryOptions } from '@tanstack/react-query';
import { listExtensions } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';

export function extensionsQuery(slug: string) {
  return queryOptions({
    queryKey: ['extensions', slug],
    queryFn: async ({ signal }) => (await call(listExtensions, { params: { slug }, signal })).extensions,
  });
}
