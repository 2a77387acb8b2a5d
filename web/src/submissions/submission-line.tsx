import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Submission } from '../../../core/contract/submissions.ts';
import { partTitle } from '../competition/phase.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Ago } from '../ui/instant.tsx';
import { ScoreValue } from '../ui/score-value.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { KindIcon } from './kind-icon.tsx';
import { RunningFor } from './running-for.tsx';
import classes from './submissions.module.css';

interface Props {
  readonly submission: Submission;
  /** What else can be done with it. */
  readonly children?: ReactNode;
}

/** A submission in the list; all of the line leads to its page. */
export function SubmissionLine({ submission, children }: Props) {
  const { competition, phaseSlug } = useCompetition();
  const place = { slug: competition.slug, id: String(submission.id) };
  return (
    <li className={classes.line} data-actions={children === undefined ? undefined : true}>
      <div className={classes.lineMain}>
        <p>
          <KindIcon kind={submission.kind} />
          <Link
            to="/competitions/$slug/submissions/$id"
            params={place}
            search={{ phase: phaseSlug }}
            className={classes.lineLink}
          >
            {submission.file.name}
          </Link>{' '}
          <span className="num dim">#{submission.id}</span>
        </p>
        <p className={`dim ${classes.lineInfo}`}>
          {submission.submittedBy === undefined ? null : <span>{submission.submittedBy.name}</span>}
          <Ago at={submission.receivedAt} timeZone={competition.timeZone} />
          {submission.queuePosition === undefined ? null : (
            <span className="num">number {submission.queuePosition} in the queue</span>
          )}
          {submission.run === undefined || submission.state !== 'running' ? null : (
            <RunningFor key={submission.run.attempt} run={submission.run} />
          )}
          {submission.countsOn.length === 0 ? null : <span>counts ({submission.countsOn.join(', ')})</span>}
          {submission.selected ? <span>selected</span> : null}
          {submission.part === undefined ? null : (
            <span>{partTitle(competition, submission.phase, submission.part)}</span>
          )}
          {submission.note === '' ? null : <span className={classes.note}>{submission.note}</span>}
        </p>
        {submission.disqualified === undefined ? null : (
          <p className={classes.reason}>Disqualified: {submission.disqualified.reason}</p>
        )}
        {submission.reason === undefined ? null : <p className={classes.reason}>{submission.reason}</p>}
      </div>
      <div className={classes.lineScores}>
        {competition.metrics.map((metric) => {
          const score = submission.scores?.public[metric];
          return score === undefined ? null : (
            <div key={metric}>
              <span className="label">{metric}</span>
              <ScoreValue score={score} strong={metric === competition.primaryMetric} interval />
            </div>
          );
        })}
      </div>
      <div className={classes.lineState}>
        <StateBadge state={submission.state} kind={submission.kind} />
      </div>
      {children === undefined ? null : <div className={classes.lineActions}>{children}</div>}
    </li>
  );
}
