import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { type Competition, editCompetition } from '../../../core/contract/competitions.ts';
import { call } from '../api/call.ts';
import { competitionQuery, competitionsQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';

type Edit = z.input<typeof editCompetition.schema.body>;

/** What is shown of a competition again once something of it has changed. */
export function useReadAgain() {
  const { competition } = useCompetition();
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: competitionQuery(competition.slug).queryKey });
    void queryClient.invalidateQueries({ queryKey: competitionsQuery.queryKey });
  };
}

/** Changes the competition that the address names. */
export function useEdit() {
  const { competition } = useCompetition();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Edit) => call(editCompetition, { params: { slug: competition.slug }, body }),
    onSuccess: (changed: Competition) => {
      queryClient.setQueryData(competitionQuery(competition.slug).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: competitionsQuery.queryKey });
    },
  });
}
