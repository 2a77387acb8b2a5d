import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { disqualifySubmission, restoreSubmission } from '../../../core/contract/disqualify.ts';
import { selectSubmission, type Submission } from '../../../core/contract/submissions.ts';
import { call } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './submissions.module.css';

/** Whether a submission counts, and what changes that: its team selects it where the phase lets teams choose, staff disqualify it and restore it. */
export function Counting({ submission }: { submission: Submission }) {
  const { competition, staff } = useCompetition();
  const [asksWhy, askWhy] = useState(false);
  const act = useCountingActs(submission);
  const { id, countsOn, selected, disqualified, scores } = submission;
  const phase = competition.phases.find(({ slug }) => slug === submission.phase);
  const isChoice = phase?.counts === 'selected' && scores !== undefined && disqualified === undefined;
  const maySelect = isChoice && (staff || phase.status === 'open');
  return (
    <>
      {disqualified === undefined ? null : (
        <Notice tone="bad" title="Disqualified: it counts on no board">
          {disqualified.reason}
        </Notice>
      )}
      {countsOn.length === 0 ? null : (
        <p className="dim">It is what counts for its team on the {countsOn.join(' and the ')} board.</p>
      )}
      {isChoice && selected ? <p className="dim">Its team selected it to count.</p> : null}
      <div className="row">
        {maySelect ? (
          <Button
            variant="default"
            size="xs"
            loading={act.isPending}
            onClick={() => act.mutate(() => call(selectSubmission, { params: { id }, body: { selected: !selected } }))}
          >
            {selected ? 'Let it not be selected' : `Select it to count (${phase.selectMax} may be)`}
          </Button>
        ) : null}
        {staff && disqualified === undefined ? (
          <Button variant="default" size="xs" onClick={() => askWhy(true)}>
            Disqualify
          </Button>
        ) : null}
        {staff && disqualified !== undefined ? (
          <Button
            variant="default"
            size="xs"
            loading={act.isPending}
            onClick={() => act.mutate(() => call(restoreSubmission, { params: { id } }))}
          >
            Restore
          </Button>
        ) : null}
      </div>
      {act.isError ? <Failure error={act.error} /> : null}
      {asksWhy ? (
        <DisqualifyDialog
          pending={act.isPending}
          onClose={() => askWhy(false)}
          onDisqualify={(reason) =>
            act.mutate(() => call(disqualifySubmission, { params: { id }, body: { reason } }), {
              onSettled: () => askWhy(false),
            })
          }
        />
      ) : null}
    </>
  );
}

function useCountingActs({ id, competition }: Submission) {
  const queryClient = useQueryClient();
  const { queryKey } = submissionQuery(id);
  return useMutation({
    mutationFn: async (act: () => Promise<Submission>) => await act(),
    onSuccess: (changed) => {
      queryClient.setQueryData(queryKey, changed);
      for (const key of ['submissions', 'leaderboard'])
        void queryClient.invalidateQueries({ queryKey: [key, competition] });
    },
    // A refusal may mean that it is another by now.
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}

interface DisqualifyProps {
  readonly pending: boolean;
  readonly onDisqualify: (reason: string) => void;
  readonly onClose: () => void;
}

function DisqualifyDialog({ pending, onDisqualify, onClose }: DisqualifyProps) {
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} title="Disqualify this submission?" centered>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onDisqualify(reason);
        }}
      >
        <p>It counts on no board from now on, and stays charged. You can restore it.</p>
        <Textarea
          label="Reason"
          description="Its team reads it"
          required
          autosize
          minRows={3}
          maxLength={2000}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
          data-autofocus
        />
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" color="red.9" loading={pending} disabled={reason.trim() === ''}>
            Disqualify
          </Button>
        </div>
      </form>
    </Modal>
  );
}
