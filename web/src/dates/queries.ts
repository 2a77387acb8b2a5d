import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { listAccommodations, listExtensions, listLateDays } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';

export function extensionsQuery(slug: string) {
  return queryOptions({
    queryKey: ['extensions', slug],
    queryFn: async ({ signal }) => (await call(listExtensions, { params: { slug }, signal })).extensions,
  });
}

export function accommodationsQuery(course: string) {
  return queryOptions({
    queryKey: ['accommodations', course],
    queryFn: async ({ signal }) => (await call(listAccommodations, { params: { course }, signal })).accommodations,
  });
}

export function lateDaysQuery(course: string) {
  return queryOptions({
    queryKey: ['late-days', course],
    queryFn: ({ signal }) => call(listLateDays, { params: { course }, signal }),
  });
}

/** After a change to somebody's time: what is late, when boards are revealed and what a grade is may have moved with it. */
export async function readDatesAgain(queryClient: QueryClient): Promise<void> {
  const kept = ['accommodations', 'late-days', 'extensions', 'competition', 'competitions', 'submissions', 'grades'];
  await Promise.all(kept.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}
