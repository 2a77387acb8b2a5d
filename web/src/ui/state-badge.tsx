import type { Phase } from '../../../core/contract/phases.ts';
import type { SubmissionKind } from '../../../core/contract/runs.ts';
import type { SubmissionState } from '../../../core/contract/submissions.ts';
import classes from './state-badge.module.css';

const submissionBadges: Record<SubmissionState, { text: string; tone: string; busy: boolean }> = {
  queued: { text: 'Waiting', tone: 'signal', busy: true },
  running: { text: 'Scoring', tone: 'accent', busy: true },
  scored: { text: 'Scored', tone: 'good', busy: false },
  rejected: { text: 'Rejected', tone: 'bad', busy: false },
  failed: { text: 'Failed', tone: 'bad', busy: false },
  cancelled: { text: 'Cancelled', tone: 'plain', busy: false },
};

/** @param kind code runs before it is scored */
export function StateBadge({ state, kind }: { state: SubmissionState; kind: SubmissionKind }) {
  const { tone, busy, text } = submissionBadges[state];
  const word = state === 'running' && kind !== 'predictions' ? 'Running' : text;
  return (
    <span className={classes.badge} data-tone={tone} data-busy={busy || undefined}>
      {word}
    </span>
  );
}

const phaseBadges: Record<Phase['status'], { text: string; tone: string }> = {
  upcoming: { text: 'Not open yet', tone: 'signal' },
  open: { text: 'Open', tone: 'good' },
  closed: { text: 'Closed', tone: 'plain' },
};

export function PhaseBadge({ phase, draft }: { phase: Phase; draft: boolean }) {
  const { text, tone } = draft ? { text: 'Draft', tone: 'signal' } : phaseBadges[phase.status];
  return (
    <span className={classes.badge} data-tone={tone}>
      {text}
    </span>
  );
}
