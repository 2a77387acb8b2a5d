import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Puts what a stream tells in the place of what was read. A read that is on its way is let go of: its answer may be from before. */
export function tellQuery(queryClient: QueryClient, queryKey: QueryKey, told: unknown): void {
  void queryClient.cancelQueries({ queryKey, exact: true });
  queryClient.setQueryData(queryKey, told);
}
