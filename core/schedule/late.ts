import type { LatePolicy } from '../contract/dates.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The due time that holds for somebody, and the minutes after it that are forgiven. */
export interface Due {
  readonly dueAt: Date | null;
  readonly graceMinutes: number;
}

/**
 * How long after the due time a submission came, in milliseconds; 0 where it is in time. A submission within the grace is in time, and one after it is
 * late by all the time since it was due.
 */
export function latenessMs(receivedAt: Date, { dueAt, graceMinutes }: Due): number {
  if (dueAt === null) return 0;
  const lateMs = receivedAt.getTime() - dueAt.getTime();
  return lateMs > graceMinutes * 60_000 ? lateMs : 0;
}

/** Days of the bank that a lateness takes: each started one. */
export function lateDays(lateMs: number): number {
  return Math.ceil(lateMs / dayMs);
}

/**
 * What is taken off for a lateness, in percent of what was earned: 0 … 100, never less for being later.
 * @param bankDays what of the bank is left for it, where the policy is the bank
 */
export function latePenalty(
  policy: LatePolicy,
  lateMs: number,
  bankDays: number,
): { percent: number; because: string } {
  if (lateMs <= 0) return { percent: 0, because: 'In time.' };
  if (policy.kind === 'none') return { percent: 0, because: 'Late, which costs nothing here.' };
  if (policy.kind === 'percent') {
    const started = Math.ceil(lateMs / (policy.per === 'hour' ? hourMs : dayMs));
    const full = started * policy.percent;
    const percent = Math.min(full, policy.cap ?? 100);
    const capped = percent < full ? `, at most ${percent} %` : '';
    return {
      percent,
      because: `${counted(started, `started ${policy.per}`)} late, ${policy.percent} % each${capped}.`,
    };
  }
  const { percentPerDayBeyond = 100 } = policy;
  const days = lateDays(lateMs);
  const covered = Math.min(days, Math.max(0, bankDays));
  const beyond = days - covered;
  const percent = Math.min(100, beyond * percentPerDayBeyond);
  const because = `${counted(days, 'started day')} late, ${covered} of them from the late days`;
  return {
    percent,
    because: beyond === 0 ? `${because}.` : `${because}; ${percentPerDayBeyond} % for each other day.`,
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A phase whose late policy is the bank, and how late the student's submission that counts there is. */
export interface BankUse {
  readonly phaseId: number;
  /** The class's due time, so that nobody's extension changes the order. */
  readonly dueAt: Date;
  readonly lateMs: number;
}

/**
 * What is left of a student's late days when each phase's turn comes: by due time, then by id. The days that are used in one phase are gone for those
 * after it.
 */
export function bankBefore(days: number, uses: readonly BankUse[]): Map<number, number> {
  const inTurn = uses.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.phaseId - b.phaseId);
  const left = new Map<number, number>();
  let remaining = days;
  for (const { phaseId, lateMs } of inTurn) {
    left.set(phaseId, remaining);
    remaining = Math.max(0, remaining - lateDays(lateMs));
  }
  return left;
}
