import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { listTeams } from '../../../core/contract/team-staff.ts';
import { getTeamCode, getTeamwork, type Teamwork } from '../../../core/contract/teamwork.ts';
import { call } from '../api/call.ts';

export function teamworkQuery(slug: string) {
  return queryOptions({
    queryKey: ['teamwork', slug],
    queryFn: ({ signal }) => call(getTeamwork, { params: { slug }, signal }),
  });
}

export function offerQuery(slug: string, code: string) {
  return queryOptions({
    queryKey: ['teamwork', slug, 'offer', code],
    retry: false,
    queryFn: ({ signal }) => call(getTeamCode, { params: { slug, code }, signal }),
  });
}

export function teamsQuery(slug: string) {
  return queryOptions({
    queryKey: ['teams', slug],
    queryFn: ({ signal }) => call(listTeams, { params: { slug }, signal }),
  });
}

/** A change of my team. Where who is in it changes, so do its submissions, limits, dates and lines on boards. */
export function useTeamChange<Input>(
  slug: string,
  change: (input: Input) => Promise<Teamwork>,
  onDone: () => void = () => undefined,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (teamwork) => {
      queryClient.setQueryData(teamworkQuery(slug).queryKey, teamwork);
      onDone();
      await queryClient.invalidateQueries();
    },
  });
}
