import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Run } from '../../../core/contract/runs.ts';
import { rerunSubmission, type Submission } from '../../../core/contract/submissions.ts';
import { call } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';
import { isFinished } from '../submissions/use-submission.ts';
import { Failure } from '../ui/notice.tsx';

/** For staff: the same code with the image, limits, seed and inputs that this run had, whatever the phase says by now. */
export function RunAsItWas({ submission, run }: { submission: Submission; run: Run }) {
  const queryClient = useQueryClient();
  const { queryKey } = submissionQuery(submission.id);
  const again = useMutation({
    mutationFn: () => call(rerunSubmission, { params: { id: submission.id }, query: { as: run.attempt } }),
    onSuccess: (changed) => queryClient.setQueryData(queryKey, changed),
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
  // Only staff are told the inputs.
  if (run.inputs === undefined || !isFinished(submission)) return null;
  return (
    <>
      <Button variant="default" size="xs" loading={again.isPending} onClick={() => again.mutate()}>
        Run again as it was
      </Button>
      {again.isError ? <Failure error={again.error} /> : null}
    </>
  );
}
