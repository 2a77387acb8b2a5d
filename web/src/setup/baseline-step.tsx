import { Button, FileButton, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createBaseline } from '../../../core/contract/submissions.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';

/** Lines on the board to be measured against; and the best trial of the whole way from a file to a score. */
export function BaselineStep() {
  const { competition, phase, phaseSlug } = useCompetition();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const place = { params: { slug: competition.slug }, search: { phase: phaseSlug } };
  const add = useMutation({
    mutationFn: (file: File) =>
      call(createBaseline, {
        params: { slug: competition.slug },
        query: { phase: phaseSlug, name, filename: file.name },
        file,
      }),
    onSuccess: async () => {
      setName('');
      await queryClient.invalidateQueries({ queryKey: ['leaderboard', competition.slug] });
    },
  });
  const unscorable = phase.answerKey === null;
  return (
    <Step
      title="Baselines and a trial"
      about="A baseline is a named line on the leaderboard without a rank. Try the whole way with one before your students do."
      done={undefined}
    >
      {unscorable ? (
        <p>Upload the answer key first: a baseline is scored like any submission.</p>
      ) : (
        <div className={classes.fields}>
          <TextInput
            label="Name on the leaderboard"
            placeholder="Logistic regression"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FileButton onChange={(file) => (file === null ? undefined : add.mutate(file))} disabled={name.trim() === ''}>
            {(props) => (
              <Button {...props} disabled={name.trim() === ''} loading={add.isPending}>
                Choose its predictions
              </Button>
            )}
          </FileButton>
        </div>
      )}
      {add.isError ? <Failure error={add.error} title="The baseline was not taken" /> : null}
      {add.error instanceof ApiProblem ? (
        <FileProblems errors={add.error.problem.errors ?? []} moreErrors={add.error.problem.moreErrors} />
      ) : null}
      {add.data === undefined ? null : (
        <Notice tone="good" title="The baseline is being scored">
          It is on the leaderboard in a moment.
        </Notice>
      )}
      <div className={classes.actions}>
        <ButtonLink variant="default" to="/competitions/$slug/submit" {...place}>
          Submit something yourself
        </ButtonLink>
        <ButtonLink variant="default" to="/competitions/$slug/leaderboard" {...place}>
          See the leaderboard
        </ButtonLink>
      </div>
    </Step>
  );
}
