import type { SubmissionReceipt } from '../../../core/contract/submissions.ts';
import type { CheckOutcome } from './check-messages.ts';

/** A file that was chosen. Its key stays with it, so that sending it again after a lost answer makes no second submission. */
export interface Chosen {
  readonly file: File;
  readonly idempotencyKey: string;
}

/** Predictions that the code is said to make; without an outcome they are still being checked. */
export interface Claim {
  readonly file: File;
  readonly outcome: CheckOutcome | undefined;
}

/** Where a person is on the way from a file to a submission. */
export type Flow =
  | { readonly kind: 'choose' }
  | { readonly kind: 'checking'; readonly chosen: Chosen }
  | (Checked & { readonly kind: 'checked'; readonly failure: unknown })
  | (Checked & {
      readonly kind: 'sending';
      readonly share: number;
      /** The connection is lost, and will be tried again. */
      readonly lost: boolean;
    })
  | { readonly kind: 'sent'; readonly receipt: SubmissionReceipt; readonly rankBefore: number | undefined };

interface Checked {
  readonly chosen: Chosen;
  readonly outcome: CheckOutcome;
  /** Only beside code. */
  readonly claim: Claim | undefined;
}

export type Step =
  | { readonly kind: 'chosen'; readonly chosen: Chosen }
  | { readonly kind: 'outcome'; readonly chosen: Chosen; readonly outcome: CheckOutcome }
  /** Code with other predictions is another submission, so it has another key. No file: they are taken away. */
  | { readonly kind: 'claimed'; readonly file: File | undefined; readonly idempotencyKey: string }
  | { readonly kind: 'claim-outcome'; readonly file: File; readonly outcome: CheckOutcome }
  | { readonly kind: 'send' }
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'lost' }
  /** Without an error it was cancelled by the person. */
  | { readonly kind: 'not-sent'; readonly error?: unknown }
  | { readonly kind: 'sent'; readonly receipt: SubmissionReceipt; readonly rankBefore: number | undefined }
  | { readonly kind: 'restart' };

/** A step that comes late, such as the outcome for a file that is no longer the chosen one, changes nothing. */
export function nextFlow(flow: Flow, step: Step): Flow {
  switch (step.kind) {
    case 'chosen':
      return flow.kind === 'sending' ? flow : { kind: 'checking', chosen: step.chosen };
    case 'outcome':
      if (flow.kind !== 'checking' || flow.chosen !== step.chosen) return flow;
      return { kind: 'checked', chosen: step.chosen, outcome: step.outcome, claim: undefined, failure: undefined };
    case 'claimed': {
      if (flow.kind !== 'checked' || flow.outcome.kind !== 'code') return flow;
      const claim = step.file === undefined ? undefined : { file: step.file, outcome: undefined };
      const chosen = { ...flow.chosen, idempotencyKey: step.idempotencyKey };
      return { ...flow, chosen, claim, failure: undefined };
    }
    case 'claim-outcome':
      if (flow.kind !== 'checked' || flow.claim?.file !== step.file) return flow;
      return { ...flow, claim: { file: step.file, outcome: step.outcome } };
    case 'send':
      if (flow.kind !== 'checked' || !isSendable(flow)) return flow;
      return { kind: 'sending', chosen: flow.chosen, outcome: flow.outcome, claim: flow.claim, share: 0, lost: false };
    case 'progress':
      return flow.kind === 'sending' ? { ...flow, share: step.share, lost: false } : flow;
    case 'lost':
      return flow.kind === 'sending' ? { ...flow, share: 0, lost: true } : flow;
    case 'not-sent':
      return flow.kind === 'sending'
        ? { kind: 'checked', chosen: flow.chosen, outcome: flow.outcome, claim: flow.claim, failure: step.error }
        : flow;
    case 'sent':
      return { kind: 'sent', receipt: step.receipt, rankBefore: step.rankBefore };
    case 'restart':
      return { kind: 'choose' };
  }
}

/** Nothing is known to be wrong with it, nor still being looked at. */
export function isSendable({ outcome, claim }: Checked): boolean {
  if (outcome.kind === 'rejected') return false;
  return claim === undefined || (claim.outcome !== undefined && claim.outcome.kind !== 'rejected');
}
