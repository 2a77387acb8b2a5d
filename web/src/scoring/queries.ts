import { queryOptions } from '@tanstack/react-query';
import { getKeyPreview } from '../../../core/contract/key-previews.ts';
import { listRerunBatches } from '../../../core/contract/rerun-batches.ts';
import { call } from '../api/call.ts';

/** While workers go on with it, it is asked for this often. */
const POLL_MS = 2000;

export function rerunsQuery({ slug, phase }: { slug: string; phase: string | undefined }) {
  return queryOptions({
    queryKey: ['reruns', slug, phase ?? null],
    queryFn: async ({ signal }) =>
      (await call(listRerunBatches, { params: { slug }, query: { phase }, signal })).batches,
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => state === 'running') ? POLL_MS : false),
  });
}

export function keyPreviewQuery(slug: string, id: number) {
  return queryOptions({
    queryKey: ['key-preview', slug, id],
    queryFn: ({ signal }) => call(getKeyPreview, { params: { slug, id }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'computing' ? POLL_MS : false),
  });
}
