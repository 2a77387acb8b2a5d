import { z } from 'zod';
import type { SubmissionKind } from '../../core/contract/runs.ts';
import type { Allowance } from '../../core/contract/submissions.ts';
import { oneRow, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofTeam } from '../../core/schedule/effective.ts';
import { AppError } from '../errors.ts';
import { formatInZone } from '../http/zone.ts';

/** A phase's gates and what a team has used of its limits, at one moment. */
export const Usage = z.object({
  timeZone: z.string(),
  opensAt: z.date().nullable(),
  /** That holds for the team. */
  dueAt: z.date().nullable(),
  /** The last moment in which something of the team is taken. */
  closesAt: z.date().nullable(),
  dailyLimit: z.number().int().nullable(),
  totalLimit: z.number().int().nullable(),
  /** What waits, runs or is scored counts; what was rejected, cancelled or failed does not. */
  usedToday: z.number().int(),
  usedTotal: z.number().int(),
  waiting: z.number().int(),
  /** Of today, what was rejected or cancelled, or failed. */
  spoiledToday: z.number().int(),
  /** Of these, code that was rejected, or cancelled after it had started, or that failed though its program had run to its end. */
  spoiledRunsToday: z.number().int(),
  /** Midnight of the course's zone; the day before it may have had 23 or 25 hours. */
  nextDayAt: z.date(),
});
export type Usage = z.infer<typeof Usage>;

/**
 * What was rejected, cancelled or failed is not charged, but each is a file on the disk and work in the queue: a script that goes wrong, or somebody
 * who means to, must not be able to go on all day. Predictions can be made that an instructor's own metric fails for, three times each.
 */
export const maxSpoiledPerDay = 100;

/** A run costs more than a file: who could have any number of them rejected, or stop them late, would compute here for free. */
export const maxSpoiledRunsPerDay = 20;

/** Common table expressions `scope` and `used`, with $1 phase, $2 team, $3 the moment; shared with the statement that admits. */
export const usageTables = `
  scope as (
    select phase.id,
           phase.opens_at,
           team_dates.due_at,
           team_dates.closes_at,
           phase.daily_limit,
           phase.total_limit,
           phase.run_settings,
           course.time_zone,
           date_trunc('day', $3::timestamptz, course.time_zone) as day_at,
           (date_trunc('day', $3::timestamptz at time zone course.time_zone) + interval '1 day') at time zone course.time_zone as next_day_at
    from phase
    join competition on competition.id = phase.competition_id
    join course on course.id = competition.course_id
    cross join ${effectiveDates(ofTeam('$2'))} as team_dates
    where phase.id = $1
  ),
  used as (
    select count(*) filter (where charged and today)::int as today,
           count(*) filter (where charged)::int as total,
           count(*) filter (where state in ('queued', 'running'))::int as waiting,
           count(*) filter (where state in ('rejected', 'cancelled', 'failed') and today)::int as spoiled,
           count(*) filter (where ran and (state in ('rejected', 'cancelled') or (state = 'failed' and exited)) and today)::int as spoiled_runs
    from (
      select submission.state,
             submission.state in ('queued', 'running', 'scored') as charged,
             submission.kind <> 'predictions' and submission.attempt > 0 as ran,
             exists (select from run where run.submission_id = submission.id and run.ending <> 'broken') as exited,
             submission.received_at >= scope.day_at as today
      from scope
      join submission on submission.phase_id = scope.id and submission.team_id = $2
    ) counted
  )`;

/** A `Usage` out of these tables. */
export const usageColumns = `
  scope.time_zone as "timeZone",
  scope.opens_at as "opensAt",
  scope.due_at as "dueAt",
  scope.closes_at as "closesAt",
  scope.daily_limit as "dailyLimit",
  scope.total_limit as "totalLimit",
  used.today as "usedToday",
  used.total as "usedTotal",
  used.waiting,
  used.spoiled as "spoiledToday",
  used.spoiled_runs as "spoiledRunsToday",
  scope.next_day_at as "nextDayAt"`;

export async function usageOf(db: Queryable, phaseId: number, teamId: number, at: Date): Promise<Usage> {
  return await oneRow(
    db,
    Usage,
    `with ${usageTables}
     select ${usageColumns}
     from scope, used`,
    [phaseId, teamId, at],
  );
}

export function allowanceOf(usage: Usage): Allowance {
  const leftToday = left(usage.dailyLimit, usage.usedToday);
  const leftTotal = left(usage.totalLimit, usage.usedTotal);
  const blockedToday = leftToday === 0 && leftTotal !== 0;
  return {
    dailyLimit: usage.dailyLimit,
    totalLimit: usage.totalLimit,
    // Nobody has more left today than in total.
    leftToday: leftToday === null ? leftTotal : leftTotal === null ? leftToday : Math.min(leftToday, leftTotal),
    leftTotal,
    nextSlotAt: blockedToday && isTomorrowPossible(usage) ? usage.nextDayAt.toISOString() : null,
  };
}

function left(limit: number | null, used: number): number | null {
  return limit === null ? null : Math.max(0, limit - used);
}

/**
 * What keeps a submission received `at` from being taken; undefined if nothing does. The same judgement as the statement that admits: this one is
 * for telling why, and for refusing a large upload before it is sent.
 */
export function refusal(usage: Usage, at: Date, kind: SubmissionKind = 'predictions'): AppError | undefined {
  const { timeZone, opensAt, dueAt, closesAt, dailyLimit, totalLimit, usedToday, usedTotal, spoiledToday } = usage;
  if (opensAt !== null && at < opensAt) {
    return new AppError('not-open-yet', `Submissions open ${formatInZone(opensAt, timeZone)}.`);
  }
  if (dueAt !== null && closesAt !== null && at > closesAt) {
    const late = closesAt > dueAt ? `, and late submissions were taken until ${formatInZone(closesAt, timeZone)}` : '';
    return new AppError(
      'deadline-passed',
      `The deadline was ${formatInZone(dueAt, timeZone)}${late}; your file arrived ${formatInZone(at, timeZone)}.`,
    );
  }
  if (totalLimit !== null && usedTotal >= totalLimit) {
    return new AppError(
      'limit-reached',
      `Your team has used all of its ${totalLimit} submissions. Rejected and failed ones were not counted.`,
    );
  }
  if (dailyLimit !== null && usedToday >= dailyLimit) {
    return notToday(`Your team has used its ${dailyLimit} submissions of today.`, usage, at);
  }
  if (spoiledToday >= maxSpoiledPerDay) {
    const why = `Your team has sent ${maxSpoiledPerDay} files today that were rejected, taken back or failed. Check a file before you submit it.`;
    return notToday(why, usage, at);
  }
  if (kind !== 'predictions' && usage.spoiledRunsToday >= maxSpoiledRunsPerDay) {
    const why =
      `${maxSpoiledRunsPerDay} runs of your team’s code were rejected, stopped or failed today; more are not started. ` +
      'Run it on your own machine first: the competition’s page shows how.';
    return notToday(why, usage, at);
  }
  return undefined;
}

/** Whether the next day of the course's zone begins before the deadline. */
function isTomorrowPossible({ closesAt, nextDayAt }: Usage): boolean {
  return closesAt === null || nextDayAt <= closesAt;
}

function notToday(why: string, usage: Usage, at: Date): AppError {
  const { nextDayAt, timeZone } = usage;
  if (!isTomorrowPossible(usage))
    return new AppError('limit-reached', `${why} The deadline is before the next day begins.`);
  return new AppError('limit-reached', `${why} The next one is possible from ${formatInZone(nextDayAt, timeZone)}.`, {
    nextSlotAt: nextDayAt.toISOString(),
    retryAfterS: (nextDayAt.getTime() - at.getTime()) / 1000,
  });
}

/**
 * Keeps a team from changing what the end of a phase has settled.
 * @param what was possible until then, as the beginning of a sentence
 * @throws deadline-passed
 */
export async function requireStillOpen(
  db: Queryable,
  { phaseId, teamId }: { readonly phaseId: number; readonly teamId: number },
  now: Date,
  what: string,
): Promise<void> {
  const { closesAt, timeZone } = await usageOf(db, phaseId, teamId, now);
  if (closesAt === null || now <= closesAt) return;
  throw new AppError(
    'deadline-passed',
    `${what} until ${formatInZone(closesAt, timeZone)}. Ask the staff if it has to be changed.`,
  );
}
