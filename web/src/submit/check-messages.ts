import type { ProblemItem } from '../../../core/contract/problems.ts';

/** What the page asks of the worker. A new check ends the one before. */
export type CheckRequest =
  | { readonly kind: 'prepare'; readonly shapeUrl: string }
  | {
      readonly kind: 'check';
      readonly run: number;
      readonly shapeUrl: string;
      readonly file: File;
      readonly maxBytes: number;
    };

/** `unchecked`: the file could not be checked here, which says nothing about it; the server checks it after the upload. */
export type CheckOutcome =
  | { readonly kind: 'valid'; readonly rows: number; readonly notices: readonly string[] }
  /** Code that can be started; what it does is seen when it runs. */
  | { readonly kind: 'code'; readonly sent: 'script' | 'notebook' | 'archive'; readonly notices: readonly string[] }
  | { readonly kind: 'rejected'; readonly errors: readonly ProblemItem[]; readonly moreErrors: number }
  | { readonly kind: 'unchecked'; readonly reason: string };

export interface CheckAnswer {
  readonly run: number;
  readonly outcome: CheckOutcome;
}
