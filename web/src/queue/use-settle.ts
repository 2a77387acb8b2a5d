import { useMutation, useQueryClient } from '@tanstack/react-query';
import { settleSubmission } from '../../../core/contract/staff-queue.ts';
import { call } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';

/** Takes a submission from the queue, or puts it back. */
export function useSettle() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, settled }: { id: number; settled: boolean }) =>
      call(settleSubmission, { params: { id }, body: { settled } }),
    onSuccess: async (submission) => {
      queryClient.setQueryData(submissionQuery(submission.id).queryKey, submission);
      await queryClient.invalidateQueries({ queryKey: ['queue'] });
    },
  });
}
