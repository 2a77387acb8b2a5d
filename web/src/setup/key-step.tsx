import { Button, FileButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { putAnswerKey } from '../../../core/contract/competitions.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { When } from '../ui/instant.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';
import { useReadAgain } from './use-edit.ts';

/** The true labels. Once students submit, another key is tried out on the scoring page first. */
export function KeyStep() {
  const { competition, phase, phaseSlug } = useCompetition();
  const readAgain = useReadAgain();
  const put = useMutation({
    mutationFn: (file: File) =>
      call(putAnswerKey, { params: { slug: competition.slug }, query: { phase: phaseSlug }, file }),
    onSuccess: readAgain,
  });
  const key = phase.answerKey ?? undefined;
  const place = { params: { slug: competition.slug }, search: { phase: phaseSlug } };
  return (
    <Step
      title="Answer key"
      about="A CSV with the row id, the label, and Usage: Public rows make the leaderboard, Private ones the final standing."
      done={key !== undefined && key.publicRows > 0}
    >
      {key === undefined ? null : (
        <dl className={classes.facts}>
          {(
            [
              ['Rows', key.rows],
              ['Public', key.publicRows],
              ['Private', key.privateRows],
              ['Classes', key.classes],
            ] as const
          ).map(([what, count]) => (
            <div key={what}>
              <dt className="label">{what}</dt>
              <dd className="num">{count.toLocaleString('en-US')}</dd>
            </div>
          ))}
          <div>
            <dt className="label">Uploaded</dt>
            <dd>
              <When at={key.createdAt} timeZone={competition.timeZone} />
            </dd>
          </div>
        </dl>
      )}
      <div className={classes.actions}>
        {key !== undefined && competition.publishedAt !== null ? (
          <ButtonLink variant="default" to="/competitions/$slug/scoring" {...place}>
            Try out another key
          </ButtonLink>
        ) : (
          <FileButton onChange={(file) => (file === null ? undefined : put.mutate(file))}>
            {(props) => (
              <Button {...props} loading={put.isPending}>
                {key === undefined ? 'Choose the answer key' : 'Replace the answer key'}
              </Button>
            )}
          </FileButton>
        )}
      </div>
      {put.isError ? <Failure error={put.error} title="The answer key was not taken" /> : null}
      {put.error instanceof ApiProblem ? (
        <FileProblems errors={put.error.problem.errors ?? []} moreErrors={put.error.problem.moreErrors} />
      ) : null}
      {put.data === undefined ? null : (
        <Notice
          tone="good"
          title={`Checked: ${formatCount(put.data.rows, 'row')} in ${formatCount(put.data.classCount, 'class', 'classes')}`}
        >
          {put.data.notices.map((notice) => (
            <p key={notice}>{notice}</p>
          ))}
        </Notice>
      )}
    </Step>
  );
}
