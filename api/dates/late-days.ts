import { z } from 'zod';
import type { LateDays } from '../../core/contract/dates.ts';
import type { Course } from '../../core/db/generated/client.ts';
import type { Database } from '../../core/db/open.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { joinCounted } from './counted.ts';
import { bankBefore, lateDays, latenessMs } from '../../core/schedule/late.ts';

const Counted = z.object({
  userId: z.number().int(),
  phaseId: z.number().int(),
  competition: z.string(),
  phase: z.string(),
  competitionTitle: z.string(),
  phaseTitle: z.string(),
  receivedAt: z.date(),
  classDueAt: z.date(),
  dueAt: z.date(),
  graceMinutes: z.number().int(),
});
type Counted = z.output<typeof Counted>;

/** Who has used how many late days, as the dates and what counts are now. */
export async function readLateDays(
  { prisma, pool }: Pick<Database, 'prisma' | 'pool'>,
  { id, lateBankDays: bankDays }: Course,
): Promise<{ bankDays: number; phases: number; students: LateDays[] }> {
  const enrolled = await prisma.enrollment.findMany({
    where: { courseId: id, role: 'student', droppedAt: null },
    select: { user: { select: { id: true, name: true, email: true } } },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  const phases = await prisma.phase.count({
    where: { competition: { courseId: id }, latePolicy: { path: ['kind'], equals: 'bank' } },
  });
  const counted = Map.groupBy(await readCounted(pool, id), ({ userId }) => userId);
  const students = enrolled.map(({ user }) => {
    const uses = usesOf(counted.get(user.id) ?? [], bankDays);
    const used = uses.reduce((sum, { fromBank }) => sum + fromBank, 0);
    return { userId: user.id, name: user.name, email: user.email, used, left: bankDays - used, uses };
  });
  return { bankDays, phases, students };
}

function usesOf(counted: readonly Counted[], bankDays: number): LateDays['uses'] {
  const late = counted
    .map((one) => ({ ...one, lateMs: latenessMs(one.receivedAt, one) }))
    .filter(({ lateMs }) => lateMs > 0)
    .toSorted((a, b) => a.classDueAt.getTime() - b.classDueAt.getTime() || a.phaseId - b.phaseId);
  const before = bankBefore(
    bankDays,
    late.map(({ phaseId, classDueAt, lateMs }) => ({ phaseId, dueAt: classDueAt, lateMs })),
  );
  return late.map(({ phaseId, lateMs, competition, phase, competitionTitle, phaseTitle }) => {
    const daysLate = lateDays(lateMs);
    return {
      competition,
      phase,
      title: phaseTitle === competitionTitle ? competitionTitle : `${competitionTitle}, ${phaseTitle}`,
      daysLate,
      fromBank: Math.min(daysLate, before.get(phaseId) ?? 0),
    };
  });
}

/** The submissions that count for students where the policy is the bank. */
async function readCounted(db: Queryable, courseId: number): Promise<Counted[]> {
  return await rows(
    db,
    Counted,
    `select team_member.user_id as "userId",
            phase.id as "phaseId",
            competition.slug as "competition",
            phase.slug as "phase",
            competition.title as "competitionTitle",
            phase.title as "phaseTitle",
            standing.received_at as "receivedAt",
            phase.due_at as "classDueAt",
            dates.due_at as "dueAt",
            phase.grace_minutes as "graceMinutes"
     from course
     ${joinCounted}
     where course.id = $1
       and phase.late_policy ->> 'kind' = 'bank'
       and phase.due_at is not null`,
    [courseId],
  );
}
