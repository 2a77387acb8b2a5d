import type { BoardScores } from '../../../core/contract/scores.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { formatBytes } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { When } from '../ui/instant.tsx';
import { Notice } from '../ui/notice.tsx';
import { ScoreValue } from '../ui/score-value.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { SubmissionActions } from './submission-actions.tsx';
import classes from './submissions.module.css';

/** All there is to know about one submission; its state is read out when it changes. */
export function SubmissionDetails({ submission, timeZone }: { submission: Submission; timeZone: string }) {
  return (
    <div className="stack">
      <div className={classes.state} aria-live="polite" data-testid="state" data-state={submission.state}>
        <StateBadge state={submission.state} />
        <span className="dim">{stateSentence(submission)}</span>
      </div>
      {submission.scores === undefined ? null : (
        <div className={classes.boards}>
          <ScoreList title="Public" scores={submission.scores.public} />
          {submission.scores.private === undefined ? null : (
            <ScoreList title="Private" scores={submission.scores.private} />
          )}
        </div>
      )}
      {submission.reason === undefined && submission.errors === undefined ? null : (
        <Notice tone="bad" title={headline(submission)}>
          {submission.errors === undefined ? undefined : (
            <FileProblems errors={submission.errors} moreErrors={submission.moreErrors} />
          )}
        </Notice>
      )}
      {submission.fault === undefined ? null : (
        <Notice tone="signal" title="What broke (for staff)">
          <code>{submission.fault}</code>
        </Notice>
      )}
      {submission.notices.map((notice) => (
        <p key={notice} className="dim">
          {notice}
        </p>
      ))}
      <dl className={classes.facts}>
        <dt className="label">File</dt>
        <dd>
          {submission.file.name} <span className="num dim">{formatBytes(submission.file.bytes)}</span>
        </dd>
        <dt className="label">Received</dt>
        <dd>
          <When at={submission.receivedAt} timeZone={timeZone} />
        </dd>
        {submission.note === '' ? null : (
          <>
            <dt className="label">Note</dt>
            <dd>{submission.note}</dd>
          </>
        )}
        {submission.submittedBy === undefined ? null : (
          <>
            <dt className="label">By</dt>
            <dd>
              {submission.submittedBy.name} <span className="dim">{submission.submittedBy.email}</span>
            </dd>
          </>
        )}
      </dl>
      <SubmissionActions submission={submission} />
    </div>
  );
}

function stateSentence({ state, queuePosition }: Submission): string {
  switch (state) {
    case 'queued':
      return queuePosition === undefined || queuePosition <= 1
        ? 'next in the queue'
        : `number ${queuePosition.toLocaleString('en-US')} in the queue`;
    case 'running':
      return 'being scored now';
    case 'scored':
      return '';
    case 'rejected':
      return 'not charged to your limit';
    case 'failed':
      return 'our fault, not charged to your limit; your instructor is told';
    case 'cancelled':
      return 'taken back, not charged';
  }
}

function ScoreList({ title, scores }: { title: string; scores: BoardScores }) {
  return (
    <section aria-label={`${title} scores`}>
      <h3 className="label">{title}</h3>
      <dl className={classes.scores}>
        {Object.entries(scores).map(([metric, score]) => (
          <div key={metric}>
            <dt className="mono dim">{metric}</dt>
            <dd>
              <ScoreValue score={score} strong interval />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The list of errors says what is wrong; without one, the reason does. */
function headline({ errors, reason }: Submission): string {
  return errors === undefined && reason !== undefined ? reason : 'The file can’t be scored; it was not charged.';
}
