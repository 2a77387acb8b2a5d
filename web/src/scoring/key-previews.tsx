import { Button, FileButton, Modal, Progress, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { applyKeyPreview, createKeyPreview, type KeyPreview } from '../../../core/contract/key-previews.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { MovesTable } from './moves-table.tsx';
import { keyPreviewQuery } from './queries.ts';
import classes from './scoring.module.css';

const route = getRouteApi('/signed-in/competitions/$slug/scoring');

/** Another answer key: who would move is shown before it is put in force. The address names the preview, so that a reload finds it again. */
export function KeyPreviews() {
  const { competition, phaseSlug } = useCompetition();
  const { preview } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const create = useMutation({
    mutationFn: (file: File) =>
      call(createKeyPreview, { params: { slug: competition.slug }, query: { phase: phaseSlug }, file }),
    onSuccess: async (made) => {
      queryClient.setQueryData(keyPreviewQuery(competition.slug, made.id).queryKey, made);
      await navigate({ to: '.', search: (search) => ({ ...search, preview: made.id }) });
    },
  });
  const errors = create.error instanceof ApiProblem ? create.error.problem.errors : undefined;
  return (
    <div className="card stack">
      <h2>Replace the answer key</h2>
      <p className="dim">
        Every file is scored with the new key first, and you see who would move. Nothing changes before you put it in
        force.
      </p>
      <div>
        <FileButton onChange={(file) => (file === null ? undefined : create.mutate(file))}>
          {(props) => (
            <Button {...props} loading={create.isPending}>
              Choose an answer key
            </Button>
          )}
        </FileButton>
      </div>
      {create.isError ? <Failure error={create.error} title="The answer key was not taken" /> : null}
      {errors === undefined || errors.length === 0 ? null : <FileProblems errors={errors} moreErrors={0} />}
      {preview === undefined ? null : <Preview key={preview} id={preview} />}
    </div>
  );
}

function Preview({ id }: { id: number }) {
  const { competition } = useCompetition();
  const query = useQuery(keyPreviewQuery(competition.slug, id));
  if (query.isPending) return <Skeleton height={120} aria-label="Loading the preview" />;
  if (query.isError) return <Failure error={query.error} title="The preview could not be loaded" />;
  const { state, total, done, unknown, fault, moves } = query.data;
  return (
    <div className="stack">
      {state === 'computing' ? (
        <>
          <p aria-live="polite">
            {done.toLocaleString('en-US')} of {formatCount(total, 'file')} scored with the new key
          </p>
          <Progress value={total === 0 ? 100 : (100 * done) / total} aria-label="Scored with the new key" />
        </>
      ) : null}
      {state === 'failed' ? (
        <Notice tone="bad" title="The preview could not be computed">
          {fault}
        </Notice>
      ) : null}
      {state === 'applied' ? (
        <Notice tone="good" title="This key is in force">
          All submissions are being scored with it.
        </Notice>
      ) : null}
      {state === 'discarded' ? <Notice tone="plain" title="Another preview has taken the place of this one" /> : null}
      {unknown === 0 ? null : (
        <p className="dim">
          {formatCount(unknown, 'submission')} left no predictions that could be scored, or came in meanwhile: they are
          taken as unchanged.
        </p>
      )}
      {moves === undefined ? null : (
        <>
          <MovesTable title="Public board" moves={moves.public} />
          <MovesTable title="Private board" moves={moves.private} />
          <Apply preview={query.data} />
        </>
      )}
    </div>
  );
}

function Apply({ preview: { id } }: { preview: KeyPreview }) {
  const { competition } = useCompetition();
  const queryClient = useQueryClient();
  const [asks, ask] = useState(false);
  const apply = useMutation({
    mutationFn: () => call(applyKeyPreview, { params: { slug: competition.slug, id } }),
    onSuccess: () => ask(false),
    onSettled: () => {
      for (const key of ['key-preview', 'competition', 'submissions', 'leaderboard'])
        void queryClient.invalidateQueries({ queryKey: [key, competition.slug] });
    },
  });
  return (
    <div>
      <Button color="red.9" onClick={() => ask(true)}>
        Put this key in force
      </Button>
      {asks ? (
        <Modal opened onClose={() => ask(false)} title="Put this answer key in force?" centered>
          <div className="stack">
            <p>All submissions of the phase are scored with it. The present key is kept, and can be uploaded again.</p>
            {apply.isError ? <Failure error={apply.error} /> : null}
            <div className={classes.actions}>
              <Button variant="default" onClick={() => ask(false)} data-autofocus>
                Leave it as it is
              </Button>
              <Button color="red.9" loading={apply.isPending} onClick={() => apply.mutate()}>
                Put it in force
              </Button>
            </div>
          </div>
        </Modal>
      ) : null}
    </div>
  );
}
