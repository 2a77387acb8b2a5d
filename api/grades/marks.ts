import { z } from 'zod';
import type { GradeScheme } from '../../core/contract/grade-scheme.ts';
import { deleteOverride, putMarks, putOverride, type Mark } from '../../core/contract/grades.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import type { Database } from '../../core/db/open.ts';
import { execute, maybeRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { mostPoints } from '../../core/grades/grade.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';
import { readMarks } from './evidence.ts';
import { viewMark } from './gradebook.ts';
import { lockScheme } from './scheme.ts';
import { subjectOf, type Target } from './target.ts';

type Marks = z.output<typeof putMarks.schema.body>;
type Pool = Pick<Database, 'pool'>;

const Person = z.object({ userId: z.number().int(), name: z.string(), email: z.string() });
type Person = z.output<typeof Person>;

/**
 * Keeps all marks, or none; those of the same opinion are replaced. @returns the student's marks, of all items
 * @throws not-found where the course has no such student; validation-failed where the rubric has no such item or it gives fewer points; conflict where a second
 * opinion would come without a first, or from the same person
 */
export async function giveMarks(
  { pool }: Pool,
  by: Actor,
  target: Target,
  userId: number,
  given: Marks,
): Promise<Mark[]> {
  const phaseId = target.phase.id;
  return await transaction(pool, async (client) => {
    const { scheme } = await lockScheme(client, target);
    refuseUnfit(scheme, given.marks);
    const student = await getStudent(client, target, userId);
    const students = given.wholeTeam ? await teamOf(client, target, student) : [student];
    for (const one of students) {
      const before = await readMarks(client, phaseId, one.userId);
      for (const mark of given.marks) {
        if (given.second)
          refuseOwnSecond(
            before.find(({ item, second }) => item === mark.item && !second),
            one,
            by,
          );
        await execute(
          client,
          `insert into rubric_mark (phase_id, user_id, item, opinion, points, comment, grader_id)
           values ($1, $2, $3, $4::opinion, $5, $6, $7)
           on conflict (phase_id, user_id, item, opinion) do update
           set points = excluded.points, comment = excluded.comment, grader_id = excluded.grader_id, graded_at = now()`,
          [phaseId, one.userId, mark.item, given.second ? 'second' : 'first', mark.points, mark.comment, by.userId],
        );
      }
      const items = new Set(given.marks.map(({ item }) => item));
      const replaced = before.filter(({ item, second }) => items.has(item) && second === given.second);
      await recordAct(client, by, {
        courseId: target.competition.courseId,
        action: putMarks.schema.operationId,
        subject: subjectOf(target, one),
        ...(replaced.length > 0 && {
          before: { marks: replaced.map(({ item, points, comment }) => ({ item, points, comment })) },
        }),
        after: { marks: given.marks, ...(given.second && { second: true }) },
      });
    }
    return (await readMarks(client, phaseId, userId)).map(viewMark);
  });
}

function refuseUnfit({ rubric }: GradeScheme, marks: Marks['marks']): void {
  const errors = marks.flatMap(({ item, points }, i): ProblemItem[] => {
    const path = `body.marks.${i}`;
    const known = rubric.find(({ id }) => id === item);
    if (!known) {
      const items = rubric.map(({ id }) => id).join(', ') || 'none';
      return [{ path: `${path}.item`, message: `the rubric has no item "${item}"; it has ${items}` }];
    }
    if (marks.findIndex((mark) => mark.item === item) < i)
      return [{ path: `${path}.item`, message: `"${item}" is marked twice` }];
    if (points > known.points)
      return [{ path: `${path}.points`, message: `must be at most ${known.points}: so many "${known.title}" gives` }];
    return [];
  });
  if (errors.length > 0)
    throw new AppError('validation-failed', `Nothing was kept: ${errors.map(({ message }) => message).join('; ')}.`, {
      errors,
    });
}

function refuseOwnSecond(first: { readonly graderId: number } | undefined, { name }: Person, by: Actor): void {
  if (!first) throw new AppError('conflict', `There is no first opinion on ${name} yet. Grade without "second".`);
  if (first.graderId === by.userId)
    throw new AppError(
      'conflict',
      `The first opinion on ${name} is yours: a second one is another person’s. Correct yours instead.`,
    );
}

/** @throws not-found where the course has no such student; validation-failed where it is more than can be had */
export async function overrideGrade(
  { pool }: Pool,
  by: Actor,
  target: Target,
  userId: number,
  { points, reason }: z.output<typeof putOverride.schema.body>,
): Promise<void> {
  await transaction(pool, async (client) => {
    const { scheme } = await lockScheme(client, target);
    const most = mostPoints(scheme);
    if (points > most) {
      const message = `must be at most ${most}: more can’t be had in this phase`;
      throw new AppError('validation-failed', `The points ${message}.`, { errors: [{ path: 'body.points', message }] });
    }
    const student = await getStudent(client, target, userId);
    const before = await readOverride(client, target, userId);
    await execute(
      client,
      `insert into grade_override (phase_id, user_id, points, reason)
       values ($1, $2, $3, $4)
       on conflict (phase_id, user_id) do update
       set points = excluded.points, reason = excluded.reason, set_at = now()`,
      [target.phase.id, userId, points, reason],
    );
    await recordAct(client, by, {
      courseId: target.competition.courseId,
      action: putOverride.schema.operationId,
      subject: subjectOf(target, student),
      ...(before && { before }),
      after: { points, reason },
    });
  });
}

/** @throws not-found where the course has no such student, or nothing was set */
export async function dropOverride({ pool }: Pool, by: Actor, target: Target, userId: number): Promise<void> {
  await transaction(pool, async (client) => {
    await lockScheme(client, target);
    const student = await getStudent(client, target, userId);
    const before = await readOverride(client, target, userId);
    if (!before) throw notFound(`grade that was set for ${student.name}`);
    await execute(client, 'delete from grade_override where phase_id = $1 and user_id = $2', [target.phase.id, userId]);
    await recordAct(client, by, {
      courseId: target.competition.courseId,
      action: deleteOverride.schema.operationId,
      subject: subjectOf(target, student),
      before,
    });
  });
}

async function readOverride(client: Queryable, { phase }: Target, userId: number) {
  return await maybeRow(
    client,
    z.object({ points: z.number(), reason: z.string() }),
    'select points, reason from grade_override where phase_id = $1 and user_id = $2',
    [phase.id, userId],
  );
}

async function getStudent(client: Queryable, { competition }: Target, userId: number): Promise<Person> {
  const student = await maybeRow(
    client,
    Person,
    `select "user".id as "userId", "user".name, "user".email
     from enrollment
     join "user" on "user".id = enrollment.user_id
     where enrollment.course_id = $1 and enrollment.user_id = $2 and enrollment.role = 'student' and dropped_at is null`,
    [competition.courseId, userId],
  );
  if (!student) throw notFound('student with this id');
  return student;
}

/** Those who are in a student's team, that student included. */
async function teamOf(client: Queryable, { competition }: Target, student: Person): Promise<Person[]> {
  const members = await rows(
    client,
    Person,
    `select "user".id as "userId", "user".name, "user".email
     from team_member as own
     join team_member on team_member.team_id = own.team_id
     join enrollment on enrollment.user_id = team_member.user_id
     join "user" on "user".id = team_member.user_id
     where own.competition_id = $1 and own.user_id = $2 and enrollment.course_id = $3 and enrollment.role = 'student' and dropped_at is null
     order by "user".id`,
    [competition.id, student.userId, competition.courseId],
  );
  return members.length > 0 ? members : [student];
}
