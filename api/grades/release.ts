import { z } from 'zod';
import type { GradeScheme } from '../../core/contract/grade-scheme.ts';
import { releaseGrades, withdrawGrades, type GradebookRow } from '../../core/contract/grades.ts';
import type { Database } from '../../core/db/open.ts';
import { tellReleased } from '../../core/hooks/tell.ts';
import { execute, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import { countWaiting, gradeAll } from './gradebook.ts';
import { lockScheme } from './scheme.ts';
import { subjectOf, type Target } from './target.ts';

type Pool = Pick<Database, 'pool'>;

/**
 * Keeps grades as they stand now, for their students to see. One that was released before and is the same now is left alone, with its time.
 * @throws conflict before the reveal, and where grades are incomplete and it was not said that they may be; validation-failed for who is no student of the course
 */
export async function release(
  { pool }: Pool,
  by: Actor,
  target: Target & { readonly revealed: boolean },
  { students, incomplete }: z.output<typeof releaseGrades.schema.body>,
): Promise<{ released: number; unchanged: number }> {
  if (!target.revealed) {
    const detail =
      'A grade tells the private score, and the private scores are not revealed yet. Release the grades after the reveal.';
    throw new AppError('conflict', detail);
  }
  return await transaction(pool, async (client) => {
    const { scheme } = await lockScheme(client, target);
    const chosen = choose(await gradeAll(client, target.phase.id, scheme), students);
    if (!incomplete) await refuseIncomplete(client, target, chosen);
    const changed = chosen.filter(({ released }) => released === null || released.differs);
    if (changed.length > 0) {
      await keepReleases(client, target, scheme, changed);
      await tellReleased(client, target.phase.id, changed.length);
      await recordAct(client, by, {
        courseId: target.competition.courseId,
        action: releaseGrades.schema.operationId,
        subject: subjectOf(target, changed.length === 1 ? changed[0] : undefined),
        after: { released: changed.map(({ userId, grade }) => ({ userId, points: grade.points })) },
      });
    }
    return { released: changed.length, unchanged: chosen.length - changed.length };
  });
}

function choose(all: readonly GradebookRow[], students: readonly number[] | undefined): readonly GradebookRow[] {
  if (!students) return all;
  const wanted = new Set(students);
  const chosen = all.filter(({ userId }) => wanted.has(userId));
  if (chosen.length === wanted.size) return chosen;
  const errors = students.flatMap((id, i) =>
    all.some(({ userId }) => userId === id)
      ? []
      : [{ path: `body.students.${i}`, message: `no student of the course has the id ${id}` }],
  );
  throw new AppError('validation-failed', `Nothing was released: ${errors.map(({ message }) => message).join('; ')}.`, {
    errors,
  });
}

async function refuseIncomplete(client: Queryable, { phase }: Target, chosen: readonly GradebookRow[]): Promise<void> {
  const waiting = await countWaiting(client, phase.id);
  const unmarked = chosen.filter((row) => row.unmarked.length > 0);
  const reasons = [
    ...(waiting > 0 ? [`${waiting} submissions still wait or run`] : []),
    ...(unmarked.length > 0
      ? [`items of the rubric are not graded yet for ${unmarked.length} students, such as ${unmarked[0]?.name}`]
      : []),
  ];
  if (reasons.length === 0) return;
  const detail = `Nothing was released: ${reasons.join(', and ')}. Wait and grade them, or release the grades as incomplete ones.`;
  throw new AppError('conflict', detail);
}

async function keepReleases(
  client: Queryable,
  { phase }: Target,
  { regradeDays }: GradeScheme,
  changed: readonly GradebookRow[],
): Promise<void> {
  await execute(
    client,
    `insert into grade_release (phase_id, user_id, grade, released_at, regrade_until)
     select $1, "userId", grade, now(), case when $3 > 0 then now() + $3 * interval '24 hours' end
     from jsonb_to_recordset($2::jsonb) as changed("userId" int, grade jsonb)
     on conflict (phase_id, user_id) do update
     set grade = excluded.grade, released_at = excluded.released_at, regrade_until = excluded.regrade_until`,
    [phase.id, JSON.stringify(changed.map(({ userId, grade }) => ({ userId, grade }))), regradeDays],
  );
}

/** Takes released grades back; what regrade requests there are stay. @returns how many */
export async function withdraw(
  { pool }: Pool,
  by: Actor,
  target: Target,
  { students }: z.output<typeof withdrawGrades.schema.body>,
): Promise<number> {
  return await transaction(pool, async (client) => {
    await lockScheme(client, target);
    const gone = await rows(
      client,
      z.object({ userId: z.number().int(), points: z.number() }),
      `delete from grade_release
       where phase_id = $1 and ($2::int[] is null or user_id = any ($2))
       returning user_id as "userId", (grade ->> 'points')::float8 as points`,
      [target.phase.id, students ?? null],
    );
    if (gone.length > 0)
      await recordAct(client, by, {
        courseId: target.competition.courseId,
        action: withdrawGrades.schema.operationId,
        subject: subjectOf(target),
        before: { released: gone },
      });
    return gone.length;
  });
}
