import { z } from 'zod';
import type { MyDates } from '../../core/contract/dates.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofPerson } from '../../core/schedule/effective.ts';
import type { FullPhase } from '../competitions/cache.ts';

const Row = z.object({
  phaseId: z.number().int(),
  dueAt: z.date().nullable(),
  lateUntil: z.date().nullable(),
  closesAt: z.date().nullable(),
});

/** The dates of a phase that hold for somebody. */
export type PersonalDates = Omit<z.infer<typeof Row>, 'phaseId'>;
export type DatesByPhase = ReadonlyMap<number, PersonalDates>;

/** A person's own dates in some competitions, their team's extensions included. */
export async function datesOf(
  db: Queryable,
  { userId }: { readonly userId: number },
  competitionIds: readonly number[],
): Promise<DatesByPhase> {
  if (competitionIds.length === 0) return new Map();
  const found = await rows(
    db,
    Row,
    `select phase.id as "phaseId", mine.due_at as "dueAt", mine.late_until as "lateUntil", mine.closes_at as "closesAt"
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     left join team_member on team_member.competition_id = competition.id and team_member.user_id = $2
     cross join ${effectiveDates(ofPerson('$2', 'team_member.team_id'))} as mine
     where competition.id = any($1)`,
    [competitionIds, userId],
  );
  return new Map(found.map(({ phaseId, ...dates }) => [phaseId, dates]));
}

export function viewMine(phase: FullPhase, mine: PersonalDates): MyDates {
  return {
    dueAt: mine.dueAt?.toISOString() ?? null,
    lateUntil: mine.lateUntil?.toISOString() ?? null,
    closesAt: mine.closesAt?.toISOString() ?? null,
    extended: later(mine.dueAt, phase.dueAt) || later(mine.lateUntil, phase.lateUntil),
  };
}

function later(mine: Date | null, everybodys: Date | null): boolean {
  return mine !== null && (everybodys === null || mine > everybodys);
}
