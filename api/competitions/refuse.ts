import type { ProblemItem } from '../../core/contract/problems.ts';
import { AppError } from '../errors.ts';

/** @throws validation-failed with all that is wrong with a request; does nothing where that is nothing */
export function refuse(errors: readonly ProblemItem[]): void {
  if (errors.length === 0) return;
  throw new AppError('validation-failed', errors.map((item) => `${item.path ?? 'body'} ${item.message}`).join('; '), {
    errors,
  });
}
