import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type SubmissionReceipt } from '../../../core/contract/submissions.ts';
import { myStandingQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { SubmissionDetails } from '../submissions/submission-details.tsx';
import { useSubmission } from '../submissions/use-submission.ts';
import { ButtonLink } from '../ui/links.tsx';
import classes from './submit.module.css';

interface Props {
  readonly receipt: SubmissionReceipt;
  readonly rankBefore: number | undefined;
  readonly onAnother: () => void;
}

/** A submission on its way to a score, and what it did to the rank. */
export function SentSubmission({ receipt, rankBefore, onAnother }: Props) {
  const { competition, phaseSlug } = useCompetition();
  const { data: submission = receipt } = useSubmission(receipt.id, receipt);
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  const place = { params: { slug: competition.slug }, search: { phase: phaseSlug } };
  return (
    <div className="card stack">
      <h2 ref={heading} tabIndex={-1} className={classes.sentTitle}>
        Submission {receipt.id}
      </h2>
      <SubmissionDetails submission={submission} timeZone={competition.timeZone} />
      {submission.state === 'scored' ? <RankChange before={rankBefore} /> : null}
      <div className="row">
        <Button variant="default" onClick={onAnother}>
          Submit another
        </Button>
        <ButtonLink variant="subtle" to="/competitions/$slug/leaderboard" {...place}>
          See the leaderboard
        </ButtonLink>
      </div>
    </div>
  );
}

const SETTLE_MS = 2000;

/** The board may be read a moment before it holds the score, so it is asked again while the page shows it. */
function RankChange({ before }: { before: number | undefined }) {
  const { competition, phaseSlug } = useCompetition();
  const standing = useQuery({
    ...myStandingQuery({ slug: competition.slug, phase: phaseSlug }),
    staleTime: 0,
    refetchInterval: SETTLE_MS,
  });
  const after = standing.data?.me?.rank ?? undefined;
  if (after === undefined || standing.data === undefined) return null;
  return (
    <p className={classes.rank} role="status">
      <span className="label">Rank</span>{' '}
      <span className={`num ${classes.rankNumbers}`} data-testid="rank-change">
        {before === undefined || before === after ? after : `${before} → ${after}`}
      </span>{' '}
      <span className="dim">
        of {standing.data.teams}
        {before === after ? ', unchanged: your best submission counts' : null}
      </span>
    </p>
  );
}
