import type { QueueKind } from '../../../core/contract/staff-queue.ts';

interface KindWords {
  readonly one: string;
  readonly many: string;
  readonly tone: 'bad' | 'signal' | 'accent' | 'plain';
}

/** How the page calls what needs somebody. */
export const kindWords: Record<QueueKind, KindWords> = {
  failed: { one: 'Failed', many: 'Failed', tone: 'bad' },
  flagged: { one: 'Flagged', many: 'Flagged', tone: 'signal' },
  regrade: { one: 'Regrade', many: 'Regrades', tone: 'accent' },
  rerun: { one: 'Rerun', many: 'Reruns', tone: 'plain' },
  ungraded: { one: 'To grade', many: 'To grade', tone: 'plain' },
};

/** What staff can say they have seen to; the others go by being done. */
export function isSettled(kind: QueueKind): boolean {
  return kind === 'failed' || kind === 'flagged';
}
