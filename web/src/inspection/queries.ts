import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getCodeFile, listCodeFiles, listPredictedRows, type RowOutcome } from '../../../core/contract/inspection.ts';
import type { Board } from '../../../core/contract/scores.ts';
import { call } from '../api/call.ts';

/** What was sent never changes. */
export function codeFilesQuery(id: number) {
  return queryOptions({
    queryKey: ['code', id],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await call(listCodeFiles, { params: { id }, signal })).files,
  });
}

export function codeTextQuery(id: number, path: string) {
  return queryOptions({
    queryKey: ['code', id, path],
    staleTime: Infinity,
    queryFn: ({ signal }) => call(getCodeFile, { params: { id }, query: { path }, signal }),
  });
}

/** Which rows are wanted; undefined leaves a condition out. */
export interface RowFilter {
  readonly outcome: RowOutcome;
  readonly board: Board | undefined;
}

/** @param attempt of the submission: another one may have scored other predictions */
export function predictedRowsQuery(id: number, attempt: number, filter: RowFilter) {
  return infiniteQueryOptions({
    queryKey: ['rows', id, attempt, filter],
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listPredictedRows, {
        params: { id },
        query: { ...filter, cursor: pageParam === 0 ? undefined : pageParam },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}
