import { queryOptions } from '@tanstack/react-query';
import { listMembers } from '../../../core/contract/courses.ts';
import { listJoinCodes } from '../../../core/contract/joining.ts';
import { listSections } from '../../../core/contract/sections.ts';
import { call } from '../api/call.ts';

/** All that changes together when somebody comes, goes or moves. */
export function peopleKey(course: string) {
  return ['people', course] as const;
}

/** Those who were taken off as well. */
export function membersQuery(course: string) {
  return queryOptions({
    queryKey: [...peopleKey(course), 'members'],
    queryFn: async ({ signal }) =>
      (await call(listMembers, { params: { course }, query: { dropped: 'true' }, signal })).members,
  });
}

export function sectionsQuery(course: string) {
  return queryOptions({
    queryKey: [...peopleKey(course), 'sections'],
    queryFn: async ({ signal }) => (await call(listSections, { params: { course }, signal })).sections,
  });
}

export function joinCodesQuery(course: string) {
  return queryOptions({
    queryKey: [...peopleKey(course), 'join-codes'],
    queryFn: async ({ signal }) => (await call(listJoinCodes, { params: { course }, signal })).joinCodes,
  });
}
