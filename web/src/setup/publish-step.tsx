import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { publishCompetition } from '../../../core/contract/competitions.ts';
import { call } from '../api/call.ts';
import { competitionQuery, competitionsQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';

/** What is missing, and the last step. */
export function PublishStep() {
  const { competition } = useCompetition();
  const [asks, ask] = useState(false);
  const { missing = [], publishedAt } = competition;
  if (publishedAt !== null)
    return (
      <Step title="Published" about="Students of the course see it." done>
        <p>
          Since <When at={publishedAt} timeZone={competition.timeZone} />
        </p>
      </Step>
    );
  return (
    <Step title="Publish" about="From then on the students of the course see it." done={false}>
      {missing.length === 0 ? (
        <p>Nothing is missing.</p>
      ) : (
        <div className="stack" role="status">
          <p>{formatCount(missing.length, 'thing is', 'things are')} missing:</p>
          <ul>
            {missing.map(({ path, message }) => (
              <li key={`${path} ${message}`}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={classes.actions}>
        <Button disabled={missing.length > 0} onClick={() => ask(true)}>
          Publish it
        </Button>
      </div>
      {asks ? <Ask onClose={() => ask(false)} /> : null}
    </Step>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const { competition, phase } = useCompetition();
  const queryClient = useQueryClient();
  const publish = useMutation({
    mutationFn: () => call(publishCompetition, { params: { slug: competition.slug } }),
    onSuccess: (published) => {
      queryClient.setQueryData(competitionQuery(competition.slug).queryKey, published);
      void queryClient.invalidateQueries({ queryKey: competitionsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Publish “${competition.title}”?`} centered>
      <div className="stack">
        <p>It can’t be taken back: students of the course see it from now on.</p>
        <dl className={classes.facts}>
          <div>
            <dt className="label">Opens</dt>
            <dd>{phase.opensAt === null ? 'at once' : <When at={phase.opensAt} timeZone={competition.timeZone} />}</dd>
          </div>
          <div>
            <dt className="label">Due</dt>
            <dd>{phase.dueAt === null ? 'never' : <When at={phase.dueAt} timeZone={competition.timeZone} />}</dd>
          </div>
        </dl>
        {publish.isError ? <Failure error={publish.error} title="It was not published" /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button loading={publish.isPending} onClick={() => publish.mutate()}>
            Publish it
          </Button>
        </div>
      </div>
    </Modal>
  );
}
