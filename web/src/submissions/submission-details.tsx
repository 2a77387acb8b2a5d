import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Run } from '../../../core/contract/runs.ts';
import type { BoardScores } from '../../../core/contract/scores.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { partTitle } from '../competition/phase.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes } from '../format/number.ts';
import { formatEstimate } from '../format/time.ts';
import { lateTitle } from '../dates/late-title.ts';
import { SettleButton } from '../queue/settle-button.tsx';
import { FileProblems } from '../ui/file-problems.tsx';
import { When } from '../ui/instant.tsx';
import { Notice } from '../ui/notice.tsx';
import { ScoreValue } from '../ui/score-value.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { Attachments } from './attachments.tsx';
import { Counting } from './counting.tsx';
import { SubmissionActions } from './submission-actions.tsx';
import classes from './submissions.module.css';

const CodePanel = lazy(async () => ({ default: (await import('../inspection/code-panel.tsx')).CodePanel }));
const RowsPanel = lazy(async () => ({ default: (await import('../inspection/rows-panel.tsx')).RowsPanel }));
const RunPanel = lazy(async () => ({ default: (await import('../runs/run-panel.tsx')).RunPanel }));

/** All there is to know about one submission; its state is read out when it changes. */
export function SubmissionDetails({ submission, timeZone }: { submission: Submission; timeZone: string }) {
  const { competition } = useCompetition();
  const isCode = submission.kind !== 'predictions';
  const isStaff = submission.submittedBy !== undefined;
  return (
    <div className="stack">
      <div className={classes.state} aria-live="polite" data-testid="state" data-state={submission.state}>
        <StateBadge state={submission.state} kind={submission.kind} />
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
      {submission.late === undefined ? null : (
        <Notice tone="signal" title={lateTitle(submission.late)}>
          Late is what comes after the due time that holds for its team.
        </Notice>
      )}
      {submission.reason === undefined && submission.errors === undefined ? null : (
        <Notice tone="bad" title={headline(submission)}>
          {submission.errors === undefined || submission.errors.length === 0 ? undefined : (
            <FileProblems errors={submission.errors} moreErrors={submission.moreErrors} />
          )}
        </Notice>
      )}
      <Counting submission={submission} />
      {submission.fault === undefined ? null : (
        <Notice tone="signal" title="What broke (for staff)">
          <code>{submission.fault}</code>
        </Notice>
      )}
      {submission.alert === undefined ? null : (
        <Notice tone="signal" title="To look at (for staff)">
          {submission.alert}
        </Notice>
      )}
      <SettleButton submission={submission} />
      {submission.notices.map((notice) => (
        <p key={notice} className="dim">
          {notice}
        </p>
      ))}
      <Attachments submission={submission} />
      {isCode ? <SubmissionActions submission={submission} /> : null}
      {isCode ? (
        <Suspense fallback={<Skeleton height={320} />}>
          <RunPanel submission={submission} timeZone={timeZone} />
        </Suspense>
      ) : null}
      <dl className={classes.facts}>
        <dt className="label">File</dt>
        <dd>
          {submission.file.name} <span className="num dim">{formatBytes(submission.file.bytes)}</span>
        </dd>
        {submission.claimed === undefined ? null : (
          <>
            <dt className="label">Predictions</dt>
            <dd>
              sent with the code <span className="num dim">{formatBytes(submission.claimed.bytes)}</span>
            </dd>
          </>
        )}
        <dt className="label">Received</dt>
        <dd>
          <When at={submission.receivedAt} timeZone={timeZone} />
        </dd>
        {submission.part === undefined ? null : (
          <>
            <dt className="label">Part</dt>
            <dd>{partTitle(competition, submission.phase, submission.part)}</dd>
          </>
        )}
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
      {isCode ? null : <SubmissionActions submission={submission} />}
      {isStaff ? (
        <Suspense fallback={<Skeleton height={240} />}>
          {isCode ? <CodePanel id={submission.id} /> : null}
          {submission.state === 'scored' && countsRows(submission) ? <RowsPanel submission={submission} /> : null}
        </Suspense>
      ) : null}
    </div>
  );
}

/** Whether some metric says how many rows it is right on: then it is known of each row. */
function countsRows({ scores }: Submission): boolean {
  return Object.values({ ...scores?.public, ...scores?.private }).some(({ hits }) => hits !== undefined);
}

function stateSentence(submission: Submission): string {
  switch (submission.state) {
    case 'queued':
      return waitingSentence(submission);
    case 'running':
      return submission.kind === 'predictions' ? 'being scored now' : runningSentence(submission.run?.stage);
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

function waitingSentence({ queuePosition = 1, waitingFor, estimatedStartAt, latestStartAt }: Submission): string {
  if (waitingFor !== undefined) return waitingFor;
  const place =
    queuePosition <= 1 ? 'next in the queue' : `number ${queuePosition.toLocaleString('en-US')} in the queue`;
  if (latestStartAt !== undefined)
    return `${place}, starts at the latest in ${formatEstimate((Date.parse(latestStartAt) - Date.now()) / 1000)}`;
  if (estimatedStartAt === undefined) return place;
  return `${place}, starts in ${formatEstimate((Date.parse(estimatedStartAt) - Date.now()) / 1000)}`;
}

function runningSentence(stage: Run['stage'] | undefined): string {
  switch (stage) {
    case 'running':
      return 'the program runs';
    case 'scoring':
    case 'ended':
      return 'its predictions are being scored';
    case 'preparing':
    case undefined:
      return 'the sandbox is being prepared';
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
function headline({ errors = [], reason, kind }: Submission): string {
  if (errors.length === 0 && reason !== undefined) return reason;
  return kind === 'predictions'
    ? 'The file can’t be scored; it was not charged.'
    : 'What the code wrote can’t be scored; it was not charged.';
}
