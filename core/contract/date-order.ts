import type { ProblemItem } from './problems.ts';

/** A phase's dates as they would be. */
export interface PhaseDates {
  readonly opensAt?: Date | null;
  readonly dueAt?: Date | null;
  readonly lateUntil?: Date | null;
  readonly revealAt?: Date | null;
}

/** What is wrong with the order of a phase's dates, each with the field that has to change. */
export function outOfOrder({ opensAt, dueAt, lateUntil, revealAt }: PhaseDates): ProblemItem[] {
  const errors: ProblemItem[] = [];
  if (opensAt && dueAt && dueAt <= opensAt) errors.push({ path: 'dueAt', message: 'must be after opensAt' });
  if (lateUntil && !dueAt) errors.push({ path: 'lateUntil', message: 'needs a due time: set dueAt' });
  if (lateUntil && dueAt && lateUntil <= dueAt) errors.push({ path: 'lateUntil', message: 'must be after dueAt' });
  const last = lateUntil ?? dueAt;
  if (last && revealAt && revealAt < last) {
    const name = lateUntil ? 'lateUntil' : 'dueAt';
    const message = `must not be before ${name}: private scores would be seen while submissions are open`;
    errors.push({ path: 'revealAt', message });
  }
  return errors;
}
