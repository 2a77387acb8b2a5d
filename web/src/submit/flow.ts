import type { SubmissionReceipt } from '../../../core/contract/submissions.ts';
import type { CheckOutcome } from './check-messages.ts';

/** A file that was chosen. Its key stays with it, so that sending it again after a lost answer makes no second submission. */
export interface Chosen {
  readonly file: File;
  readonly idempotencyKey: string;
}

/** Where a person is on the way from a file to a submission. */
export type Flow =
  | { readonly kind: 'choose' }
  | { readonly kind: 'checking'; readonly chosen: Chosen }
  | { readonly kind: 'checked'; readonly chosen: Chosen; readonly outcome: CheckOutcome; readonly failure: unknown }
  | { readonly kind: 'sending'; readonly chosen: Chosen; readonly outcome: CheckOutcome; readonly share: number }
  | { readonly kind: 'sent'; readonly receipt: SubmissionReceipt; readonly rankBefore: number | undefined };

export type Step =
  | { readonly kind: 'chosen'; readonly chosen: Chosen }
  | { readonly kind: 'outcome'; readonly chosen: Chosen; readonly outcome: CheckOutcome }
  | { readonly kind: 'send' }
  | { readonly kind: 'progress'; readonly share: number }
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
      return { kind: 'checked', chosen: step.chosen, outcome: step.outcome, failure: undefined };
    case 'send':
      if (flow.kind !== 'checked' || flow.outcome.kind === 'rejected') return flow;
      return { kind: 'sending', chosen: flow.chosen, outcome: flow.outcome, share: 0 };
    case 'progress':
      return flow.kind === 'sending' ? { ...flow, share: step.share } : flow;
    case 'not-sent':
      return flow.kind === 'sending'
        ? { kind: 'checked', chosen: flow.chosen, outcome: flow.outcome, failure: step.error }
        : flow;
    case 'sent':
      return { kind: 'sent', receipt: step.receipt, rankBefore: step.rankBefore };
    case 'restart':
      return { kind: 'choose' };
  }
}
