import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  cancelSubmission,
  downloadSubmission,
  rerunSubmission,
  type Submission,
} from '../../../core/contract/submissions.ts';
import { call, urlOf } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { isFinished } from './use-submission.ts';

/** What can be done with a submission: fetch the file, take it back while it waits, and for staff score it again. */
export function SubmissionActions({ submission }: { submission: Submission }) {
  const { staff } = useCompetition();
  const queryClient = useQueryClient();
  const params = { id: submission.id };
  const act = useMutation({
    mutationFn: (action: 'cancel' | 'rerun') =>
      call(action === 'cancel' ? cancelSubmission : rerunSubmission, { params }),
    onSuccess: (changed) => queryClient.setQueryData(submissionQuery(submission.id).queryKey, changed),
    // A refusal means that the state is another by now.
    onError: () => queryClient.invalidateQueries({ queryKey: submissionQuery(submission.id).queryKey }),
    onSettled: () => {
      for (const key of ['submissions', 'allowance'])
        void queryClient.invalidateQueries({ queryKey: [key, submission.competition] });
    },
  });
  return (
    <>
      <div className="row">
        <Button
          component="a"
          variant="default"
          size="xs"
          href={urlOf(downloadSubmission, { params })}
          download={submission.file.name}
        >
          Download the file
        </Button>
        {submission.state === 'queued' ? (
          <Button variant="default" size="xs" loading={act.isPending} onClick={() => act.mutate('cancel')}>
            Take it back
          </Button>
        ) : null}
        {staff && isFinished(submission) ? (
          <Button variant="default" size="xs" loading={act.isPending} onClick={() => act.mutate('rerun')}>
            Score again
          </Button>
        ) : null}
      </div>
      {act.isError ? <Failure error={act.error} /> : null}
    </>
  );
}
