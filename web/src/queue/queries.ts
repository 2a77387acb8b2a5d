import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getStaffQueue } from '../../../core/contract/staff-queue.ts';
import { call } from '../api/call.ts';
import type { QueueSearch } from './search.ts';

/** A queue that stays open is asked for this often: what others have done goes, and what is new comes. */
const REFRESH_MS = 10_000;

/** What needs the staff of a course; all keys begin with `queue`. */
export function queueQuery(course: string, search: QueueSearch) {
  return queryOptions({
    queryKey: ['queue', course, search],
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => call(getStaffQueue, { params: { course }, query: search, signal }),
  });
}
