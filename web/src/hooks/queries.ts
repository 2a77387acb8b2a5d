import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listHookDeliveries, listHooks } from '../../../core/contract/hooks.ts';
import { call } from '../api/call.ts';

const soonMs = 2_000;

/** All that changes together when a hook is changed or sends something. */
export function hooksKey(course: string) {
  return ['hooks', course] as const;
}

/** Looked at again while something is to be sent. */
export function hooksQuery(course: string) {
  return queryOptions({
    queryKey: [...hooksKey(course), 'list'],
    queryFn: async ({ signal }) => (await call(listHooks, { params: { course }, signal })).hooks,
    refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting > 0) ? soonMs : false),
  });
}

/** What a hook sent, page by page, newest first; looked at again while something waits. */
export function deliveriesQuery(course: string, id: number) {
  return infiniteQueryOptions({
    queryKey: [...hooksKey(course), 'deliveries', id],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listHookDeliveries, {
        params: { course, id },
        query: { cursor: pageParam === 0 ? undefined : pageParam },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ deliveries }) => deliveries.some((one) => one.state === 'waiting')) ? soonMs : false,
  });
}
