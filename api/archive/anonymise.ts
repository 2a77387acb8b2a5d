import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { anonymiseCourse } from '../../core/contract/archive.ts';
import type { Course } from '../../core/db/generated/client.ts';
import { execute, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { pagesOf } from './pages.ts';
import { courseTables, type CourseTable } from './tables.ts';

type Anonymised = z.output<(typeof anonymiseCourse.schema.response)[200]>;

/**
 * Puts nameless accounts in the place of a course's students, wherever they are referred to or named, and deletes the accounts that are then in no course.
 * @throws conflict while something of the course can still be submitted to
 */
export async function anonymise(
  { db }: Pick<Services, 'db'>,
  by: Actor,
  course: Course,
  preview: boolean,
): Promise<Anonymised> {
  try {
    return await transaction(db.pool, async (client) => {
      await client.query('select 1 from course where id = $1 for update', [course.id]);
      if (!preview) await requireOver(client, course.id);
      const result = await replaceStudents(client, course.id);
      if (preview) throw new Preview(result);
      const action = anonymiseCourse.schema.operationId;
      await recordAct(client, by, { courseId: course.id, action, subject: `course ${course.slug}`, after: result });
      return result;
    });
  } catch (error) {
    if (error instanceof Preview) return error.result;
    throw error;
  }
}

/** Thrown so that a preview is rolled back. */
class Preview extends Error {
  readonly result: Anonymised;
  constructor(result: Anonymised) {
    super('only a preview');
    this.result = result;
  }
}

const Title = z.object({ title: z.string() });

async function requireOver(client: Queryable, courseId: number): Promise<void> {
  const open = await rows(
    client,
    Title,
    `select competition.title || ', ' || phase.title as title
     from phase join competition on competition.id = phase.competition_id
     where competition.course_id = $1 and phase.due_at > now()
     order by phase.due_at limit 5`,
    [courseId],
  );
  if (open.length > 0)
    throw new AppError(
      'conflict',
      `The course is not over: ${open.map(({ title }) => title).join('; ')} can still be submitted to. Anonymise it after the last due time.`,
    );
}

const Student = z.object({ id: z.number().int(), email: z.string(), name: z.string(), anonymous: z.number().int() });
type Student = z.infer<typeof Student>;

async function replaceStudents(client: Queryable, courseId: number): Promise<Anonymised> {
  await client.query(`set local topk.audit = 'may-change'`);
  const tables = await courseTables(client);
  const students = await makeAnonymous(client, courseId);
  const [ids, anonymous] = [students.map(({ id }) => id), students.map((student) => student.anonymous)];
  for (const { name, references, condition } of tables) {
    for (const { column } of references.filter(({ table }) => table === 'user')) {
      await client.query(
        `update "${name}" set "${column}" = pair.anonymous from unnest($2::int[], $3::int[]) as pair(student, anonymous)
         where "${column}" = pair.student and ${condition}`,
        [courseId, ids, anonymous],
      );
    }
  }
  let textsChanged = 0;
  for (const table of tables) textsChanged += await replaceTexts(client, courseId, table, students);
  await execute(
    client,
    `delete from team_invitation
     where team_id in (select team.id from team join competition on competition.id = competition_id where course_id = $1)`,
    [courseId],
  );
  // Its sessions and tokens go with an account.
  const isFree = tables.flatMap(({ name, references }) =>
    references
      .filter(({ table }) => table === 'user')
      .map(({ column }) => `not exists (select 1 from "${name}" where "${name}"."${column}" = "user".id)`),
  );
  const accountsDeleted = await execute(client, `delete from "user" where id = any($1) and ${isFree.join(' and ')}`, [
    ids,
  ]);
  await forgetLetters(client, students);
  return { students: students.length, accountsDeleted, textsChanged };
}

/** What was mailed to those whose accounts are gone, and the links in it. */
async function forgetLetters(client: Queryable, students: readonly Student[]): Promise<void> {
  const emails = students.map(({ email }) => email);
  const isGone = (column: string) => `not exists (select 1 from "user" where "user".email = ${column})`;
  await execute(client, `delete from mail where recipient = any($1) and ${isGone('recipient')}`, [emails]);
  await execute(client, `delete from password_link where email = any($1) and ${isGone('password_link.email')}`, [
    emails,
  ]);
}

/** A new account for each student of the course, those included who were taken off it; in no order that tells who is who. */
async function makeAnonymous(client: Queryable, courseId: number): Promise<Student[]> {
  const students = await rows(
    client,
    Student.omit({ anonymous: true }),
    `select id, email, name from "user"
     where not is_admin
       and id not in (select user_id from enrollment where course_id = $1 and role <> 'student')
       and id in (
         select user_id from enrollment where course_id = $1
         union
         select user_id from team_member
         where competition_id in (select id from competition where course_id = $1)
         union
         select user_id from submission
         where phase_id in (select phase.id from phase join competition on competition.id = competition_id where course_id = $1))
     order by random()`,
    [courseId],
  );
  const made = await rows(
    client,
    z.object({ id: z.number().int() }),
    `insert into "user" (email, name) select * from unnest($1::text[], $2::text[]) returning id`,
    [students.map(() => `${randomUUID()}@anonymous.invalid`), students.map((_, index) => `Student ${index + 1}`)],
  );
  return students.map((student, index) => ({ ...student, anonymous: made[index]?.id ?? 0 }));
}

/** What students write about themselves, and what others know them by. */
const emptied: Readonly<Record<string, Readonly<Record<string, (text: string) => string>>>> = {
  enrollment: { student_id: () => '', username: () => '' },
  submission: { note: () => '', file_name: ending },
  submission_attachment: { name: ending },
};

function ending(name: string): string {
  return `file${/\.[A-Za-z0-9.]{1,12}$/.exec(name)?.[0] ?? ''}`;
}

const Row = z.record(z.string(), z.unknown());

/** Replaces each address and each full name in whatever text of the course it stands. @returns how many rows were changed */
async function replaceTexts(
  client: Queryable,
  courseId: number,
  table: CourseTable,
  students: readonly Student[],
): Promise<number> {
  const { name, texts, primaryKey, condition } = table;
  if (texts.length === 0 || students.length === 0) return 0;
  const replace = replacer(students);
  const columns = [...primaryKey, ...texts.map((text) => text.name)].map((column) => `"${column}"`);
  const changes: Record<string, unknown>[] = [];
  for await (const page of pagesOf(
    client,
    Row,
    `select ${columns.join(', ')} from "${name}" where ${condition}`,
    courseId,
  )) {
    for (const row of page) {
      const changed = Object.fromEntries(
        texts.map(({ name: column }) => {
          const value = row[column];
          const empty = emptied[name]?.[column];
          return [column, empty && typeof value === 'string' ? empty(value) : replace(value)];
        }),
      );
      const differs = texts.some(({ name: column }) => changed[column] !== row[column]);
      if (differs) changes.push({ ...row, ...changed });
    }
  }
  const set = texts.map((text) => `"${text.name}" = changed."${text.name}"`).join(', ');
  const same = primaryKey.map((column) => `"${name}"."${column}" = changed."${column}"`).join(' and ');
  for (let from = 0; from < changes.length; from += 500) {
    await client.query(
      `update "${name}" set ${set} from jsonb_populate_recordset(null::"${name}", $1::jsonb) as changed where ${same}`,
      [JSON.stringify(changes.slice(from, from + 500))],
    );
  }
  return changes.length;
}

/** Answers what it was given where nothing is to be replaced in it. */
function replacer(students: readonly Student[]): (value: unknown) => unknown {
  const names = new Map<string, string>();
  for (const [index, { email, name }] of students.entries()) {
    names.set(email.toLowerCase(), `student-${index + 1}@anonymous.invalid`);
    // A name of one short word is too often a word.
    if (name.length > 4) names.set(name.toLowerCase(), `Student ${index + 1}`);
  }
  const longestFirst = [...names.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const replaceIn = (text: string) => text.replace(pattern, (found) => names.get(found.toLowerCase()) ?? '');
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return replaceIn(value);
    if (value === null || typeof value !== 'object') return value;
    const before = JSON.stringify(value);
    const after = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? replaceIn(part) : part));
    return before === after ? value : JSON.parse(after);
  };
  return replace;
}

/** As a part of a pattern that stands for itself. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
