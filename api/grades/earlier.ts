import { z } from 'zod';
import { LatePolicy } from '../../core/contract/dates.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofTeam } from '../../core/schedule/effective.ts';
import { latenessMs, latePenalty } from '../../core/schedule/late.ts';
import type { Late } from './late.ts';

const Row = z.object({
  userId: z.number().int(),
  submissionId: z.number().int(),
  receivedAt: z.date(),
  value: z.number(),
  score: z.number(),
  rank: z.number().int(),
  dueAt: z.date().nullable(),
  graceMinutes: z.number().int(),
  latePolicy: LatePolicy,
});

/** A submission that a grade can be made from. */
export interface Attempt {
  readonly submissionId: number;
  readonly receivedAt: Date;
  readonly score: number;
  /** That it has, or would have in the place of the one that counts. */
  readonly rank: number;
  /** Undefined: it is in time. */
  readonly late: Late | undefined;
}

/**
 * By student, what the team sent before the late submission that counts, each better than all before it, from the first to the last. Where a phase counts the best
 * and being late costs, one of these may be worth more: who improves late by little should not lose by it.
 */
export async function readEarlier(db: Queryable, phaseId: number): Promise<ReadonlyMap<number, readonly Attempt[]>> {
  const found = await rows(
    db,
    Row,
    `select team_member.user_id as "userId",
            submission.id as "submissionId",
            submission.received_at as "receivedAt",
            submission.private_value as value,
            coalesce((submission.scores -> 'private' -> competition.metrics[1] ->> 'value')::float8, submission.private_value) as score,
            1 + (select count(*)
                 from standing better
                 join team other on other.id = better.team_id and other.kind = 'students'
                 where better.phase_id = phase.id
                   and better.board = 'private'
                   and better.team_id <> team.id
                   and (better.value > submission.private_value
                     or (better.value = submission.private_value and better.received_at < submission.received_at)))::int as rank,
            dates.due_at as "dueAt",
            phase.grace_minutes as "graceMinutes",
            phase.late_policy as "latePolicy"
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     join standing on standing.phase_id = phase.id and standing.board = 'private'
     join team on team.id = standing.team_id and team.kind = 'students'
     join team_member on team_member.team_id = team.id
     cross join ${effectiveDates(ofTeam('team.id'))} as dates
     join submission on submission.phase_id = phase.id and submission.team_id = team.id
     where phase.id = $1
       and phase.counts = 'best'
       and phase.late_policy ->> 'kind' = 'percent'
       and standing.received_at > dates.due_at
       and submission.received_at < standing.received_at
       and submission.private_value is not null
       and submission.disqualified_at is null
     order by submission.received_at, submission.id`,
    [phaseId],
  );
  const byStudent = Map.groupBy(found, ({ userId }) => userId);
  return new Map([...byStudent].map(([userId, all]) => [userId, rising(all).map(attempt)]));
}

/** Those that are better than all before them: the others are as late and worth less. */
function rising<T extends { readonly value: number }>(inTime: readonly T[]): T[] {
  let best = -Infinity;
  return inTime.filter(({ value }) => {
    const rises = value > best;
    best = Math.max(best, value);
    return rises;
  });
}

function attempt({ submissionId, receivedAt, score, rank, latePolicy, ...due }: z.output<typeof Row>): Attempt {
  const lateMs = latenessMs(receivedAt, due);
  return { submissionId, receivedAt, score, rank, late: lateMs === 0 ? undefined : latePenalty(latePolicy, lateMs, 0) };
}
