import { queryOptions } from '@tanstack/react-query';
import { getInsights, getRowInsights } from '../../../core/contract/insights.ts';
import { call } from '../api/call.ts';

interface PhaseKey {
  readonly slug: string;
  readonly phase: string | undefined;
}

export function insightsQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['insights', slug, phase ?? null],
    queryFn: ({ signal }) => call(getInsights, { params: { slug }, query: { phase }, signal }),
  });
}

/** The server reads files for it: it is not asked again just because the window was left for a while. */
export function rowInsightsQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['insights', slug, phase ?? null, 'rows'],
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    retry: false,
    queryFn: ({ signal }) => call(getRowInsights, { params: { slug }, query: { phase }, signal }),
  });
}
