import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
import classes from './submissions.module.css';
import { isFinished } from './use-submission.ts';

/** What can be done with a submission: fetch the file, take it back while it waits, stop it while it runs, and for staff do it again. */
export function SubmissionActions({ submission }: { submission: Submission }) {
  const { staff } = useCompetition();
  const queryClient = useQueryClient();
  const [asksToStop, askToStop] = useState(false);
  const params = { id: submission.id };
  const isCode = submission.kind !== 'predictions';
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
        {isCode && submission.state === 'running' ? (
          <Button variant="default" size="xs" onClick={() => askToStop(true)}>
            Stop the run
          </Button>
        ) : null}
        {submission.state === 'queued' ? (
          <Button variant="default" size="xs" loading={act.isPending} onClick={() => act.mutate('cancel')}>
            Take it back
          </Button>
        ) : null}
        {staff && isFinished(submission) ? (
          <Button variant="default" size="xs" loading={act.isPending} onClick={() => act.mutate('rerun')}>
            {isCode ? (submission.claimed === undefined ? 'Run again' : 'Run it to verify') : 'Score again'}
          </Button>
        ) : null}
      </div>
      {asksToStop && submission.state === 'running' ? (
        <StopDialog
          pending={act.isPending}
          onStop={() => act.mutate('cancel', { onSettled: () => askToStop(false) })}
          onClose={() => askToStop(false)}
        />
      ) : null}
      {act.isError ? <Failure error={act.error} /> : null}
    </>
  );
}

interface StopProps {
  readonly pending: boolean;
  readonly onStop: () => void;
  readonly onClose: () => void;
}

/** Closes by itself where the run ends first. */
function StopDialog({ pending, onStop, onClose }: StopProps) {
  return (
    <Modal opened onClose={onClose} title="Stop the run?" centered>
      <div className="stack">
        <p>What it has computed so far is lost. It is not charged to your limit.</p>
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Let it run
          </Button>
          <Button color="red.9" loading={pending} onClick={onStop}>
            Stop it
          </Button>
        </div>
      </div>
    </Modal>
  );
}
