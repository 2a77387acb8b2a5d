import { Button, Checkbox, Progress, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeRerunBatch, createRerunBatch, type RerunBatch } from '../../../core/contract/rerun-batches.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { rerunsQuery } from './queries.ts';

/** All submissions of a phase again, with how far that is; it may be paused, resumed and cancelled. */
export function Reruns() {
  const { competition, phase, phaseSlug } = useCompetition();
  const queryClient = useQueryClient();
  const place = { slug: competition.slug, phase: phaseSlug };
  const query = useQuery(rerunsQuery(place));
  const [runCode, setRunCode] = useState(false);
  const start = useMutation({
    mutationFn: () =>
      call(createRerunBatch, { params: { slug: competition.slug }, query: { phase: phaseSlug }, body: { runCode } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: rerunsQuery(place).queryKey }),
  });
  const isOpen = query.data?.some(({ state }) => state === 'running' || state === 'paused') === true;
  return (
    <div className="card stack">
      <h2>Score everything again</h2>
      <p className="dim">
        All submissions of this phase, behind whatever students send. The old scores stand until the new ones are there.
      </p>
      {isOpen ? null : (
        <div className="row">
          <Button loading={start.isPending} disabled={!query.isSuccess} onClick={() => start.mutate()}>
            Score all again
          </Button>
          {phase.accepts.some((kind) => kind !== 'predictions') ? (
            <Checkbox
              label="Run code again too, not only score what it wrote"
              checked={runCode}
              onChange={({ currentTarget: { checked } }) => setRunCode(checked)}
            />
          ) : null}
        </div>
      )}
      {start.isError ? <Failure error={start.error} /> : null}
      {query.isError ? <Failure error={query.error} title="The reruns could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={60} aria-label="Loading the reruns" /> : null}
      {query.data?.length === 0 ? <p className="dim">Nothing was scored again so far.</p> : null}
      {query.data?.map((batch) => (
        <Batch key={batch.id} batch={batch} />
      ))}
    </div>
  );
}

const stateTexts = { running: 'going on', paused: 'paused', cancelled: 'cancelled', done: 'done' };

function Batch({ batch }: { batch: RerunBatch }) {
  const { competition } = useCompetition();
  const queryClient = useQueryClient();
  const { id, state, total, done, failed, createdAt, startedBy } = batch;
  const change = useMutation({
    mutationFn: (next: 'running' | 'paused' | 'cancelled') =>
      call(changeRerunBatch, { params: { slug: competition.slug, id }, body: { state: next } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['reruns', competition.slug] }),
  });
  const isOpen = state === 'running' || state === 'paused';
  return (
    <div className="stack">
      <p>
        <When at={createdAt} timeZone={competition.timeZone} />, {startedBy}: {stateTexts[state]},{' '}
        <span className="num">
          {done.toLocaleString('en-US')} of {formatCount(total, 'submission')}
        </span>
        {failed === 0 ? null : <span className="num">, {failed.toLocaleString('en-US')} failed</span>}
      </p>
      {isOpen ? (
        <>
          <Progress value={total === 0 ? 100 : (100 * done) / total} aria-label="Scored again" />
          <div className="row">
            <Button
              variant="default"
              size="xs"
              loading={change.isPending}
              onClick={() => change.mutate(state === 'running' ? 'paused' : 'running')}
            >
              {state === 'running' ? 'Pause' : 'Resume'}
            </Button>
            <Button variant="default" size="xs" loading={change.isPending} onClick={() => change.mutate('cancelled')}>
              Cancel
            </Button>
          </div>
        </>
      ) : null}
      {change.isError ? <Failure error={change.error} /> : null}
    </div>
  );
}
