import { z } from 'zod';
import { LatePolicy } from '../../core/contract/dates.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { joinCounted } from '../dates/counted.ts';
import { bankBefore, latenessMs, latePenalty } from '../../core/schedule/late.ts';

const Counted = z.object({
  phaseId: z.number().int(),
  userId: z.number().int(),
  receivedAt: z.date(),
  /** The class's, which phases take their turns by. */
  classDueAt: z.date().nullable(),
  /** The team's own. */
  dueAt: z.date().nullable(),
  graceMinutes: z.number().int(),
  latePolicy: LatePolicy,
  bankDays: z.number().int(),
});
type Counted = z.output<typeof Counted>;

export type Late = ReturnType<typeof latePenalty>;

/**
 * What lateness takes off, by student; who is in time, or has no submission that counts, is not in it. Derived from the dates as they are now. Where the policy
 * is the course's bank of late days, what counts in its other phases is looked at too.
 */
export async function readLate(db: Queryable, phaseId: number): Promise<ReadonlyMap<number, Late>> {
  const counted = await readCounted(db, phaseId);
  const late = [...Map.groupBy(counted, ({ userId }) => userId)].flatMap(([userId, all]): [number, Late][] => {
    const here = all.find((one) => one.phaseId === phaseId);
    if (!here) return [];
    const lateMs = latenessMs(here.receivedAt, here);
    return lateMs === 0 ? [] : [[userId, latePenalty(here.latePolicy, lateMs, bankLeft(all).get(phaseId) ?? 0)]];
  });
  return new Map(late);
}

function bankLeft(all: readonly Counted[]): Map<number, number> {
  const uses = all.flatMap((one) =>
    one.latePolicy.kind === 'bank' && one.classDueAt
      ? [{ phaseId: one.phaseId, dueAt: one.classDueAt, lateMs: latenessMs(one.receivedAt, one) }]
      : [],
  );
  return bankBefore(all[0]?.bankDays ?? 0, uses);
}

/** The submissions that count for the students of the phase's course: in the phase, and in all whose policy is the bank where it is this one's as well. */
async function readCounted(db: Queryable, phaseId: number): Promise<Counted[]> {
  return await rows(
    db,
    Counted,
    `select phase.id as "phaseId",
            team_member.user_id as "userId",
            standing.received_at as "receivedAt",
            phase.due_at as "classDueAt",
            dates.due_at as "dueAt",
            phase.grace_minutes as "graceMinutes",
            phase.late_policy as "latePolicy",
            course.late_bank_days as "bankDays"
     from phase as wanted
     join competition as wanted_competition on wanted_competition.id = wanted.competition_id
     join course on course.id = wanted_competition.course_id
     ${joinCounted}
     where wanted.id = $1
       and (phase.id = $1 or (wanted.late_policy ->> 'kind' = 'bank' and phase.late_policy ->> 'kind' = 'bank'))`,
    [phaseId],
  );
}
