import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Role } from '../../core/contract/people.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import { importRoster, type RosterPreview, type RosterQuery } from '../../core/contract/roster.ts';
import type { Course } from '../../core/db/generated/client.ts';
import { rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { planRoster } from '../../core/roster/plan.ts';
import { readRoster } from '../../core/roster/read.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { lockPeople } from '../courses/courses.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';

interface RosterFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What importing a file would do.
 * @throws roster-rejected with each error's line and column
 */
export async function preview(
  db: Queryable,
  courseId: number,
  { bytes }: RosterFile,
  query: RosterQuery,
): Promise<RosterPreview> {
  const { drop, domain, ...mapping } = query;
  const reading = readRoster(bytes, { mapping, domain });
  if (reading.kind === 'rejected') throw rejected(reading.errors);
  const members = await rows(db, Member, membersQuery, [courseId]);
  const plan = planRoster(reading.rows, members, drop);
  if ('errors' in plan) throw rejected(plan.errors);
  const sections = new Set(
    (await rows(db, Name, 'select name from section where course_id = $1', [courseId])).map(({ name }) => name),
  );
  const wanted = [
    ...plan.added.map(({ section }) => section),
    ...plan.changed.flatMap(({ changes }) => changes.flatMap(({ field, to }) => (field === 'section' ? [to] : []))),
  ];
  const newSections = [...new Set(wanted)].filter((name) => name !== '' && !sections.has(name)).toSorted();
  const { format, skipped } = reading;
  const told = { format, ...plan, skipped, newSections };
  const state = createHash('sha256')
    .update(JSON.stringify([courseId, told]))
    .digest('base64url');
  return {
    ...told,
    added: [...plan.added],
    changed: plan.changed.map((change) => ({ ...change, changes: [...change.changes] })),
    dropped: [...plan.dropped],
    state,
  };
}

/**
 * Does what `preview` told, all of it or nothing.
 * @throws conflict where it would now do something else, roster-rejected
 */
export async function importFile(
  { db }: Pick<Services, 'db'>,
  by: Actor,
  { id: courseId }: Course,
  file: RosterFile,
  { state, ...query }: RosterQuery & { readonly state: string },
): Promise<RosterPreview> {
  return await transaction(db.pool, async (client) => {
    await lockPeople(client, courseId);
    const plan = await preview(client, courseId, file, query);
    if (plan.state !== state)
      throw new AppError(
        'conflict',
        'The file, its settings or the course’s people are no longer those of the preview. Nothing was changed: preview it again.',
      );
    await client.query(`insert into section (course_id, name) select $1, unnest($2::text[])`, [
      courseId,
      plan.newSections,
    ]);
    await addStudents(client, courseId, plan.added);
    await changeStudents(client, courseId, plan.changed);
    await client.query(
      `update enrollment set dropped_at = now() where course_id = $1 and user_id = any($2) and dropped_at is null`,
      [courseId, plan.dropped.map(({ userId }) => userId)],
    );
    await recordAct(client, by, {
      courseId,
      action: importRoster.schema.operationId,
      subject: `roster ${file.name}`,
      after: {
        added: plan.added.map(({ email }) => email),
        changed: plan.changed.map(({ email, restored, changes }) => ({ email, restored, changes })),
        dropped: plan.dropped.map(({ email }) => email),
        unchanged: plan.unchanged,
      },
    });
    return plan;
  });
}

async function addStudents(client: Queryable, courseId: number, added: RosterPreview['added']): Promise<void> {
  const column = (field: 'email' | 'name' | 'studentId' | 'username' | 'section') => added.map((row) => row[field]);
  await client.query(
    `insert into "user" (email, name) select * from unnest($1::text[], $2::text[]) on conflict (email) do nothing`,
    [column('email'), column('name')],
  );
  await client.query(
    `insert into enrollment (course_id, user_id, role, student_id, username, section_id)
     select $1, "user".id, 'student', given.student_id, given.username, section.id
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as given(email, student_id, username, section)
     join "user" on "user".email = given.email
     left join section on section.course_id = $1 and section.name = given.section`,
    [courseId, column('email'), column('studentId'), column('username'), column('section')],
  );
}

async function changeStudents(client: Queryable, courseId: number, changed: RosterPreview['changed']): Promise<void> {
  const becomes = (wanted: 'section' | 'studentId' | 'username') =>
    changed.map(({ changes }) => changes.find(({ field }) => field === wanted)?.to ?? null);
  await client.query(
    `update enrollment
     set dropped_at = null,
         student_id = coalesce(given.student_id, enrollment.student_id),
         username = coalesce(given.username, enrollment.username),
         section_id = coalesce(section.id, enrollment.section_id)
     from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as given(user_id, student_id, username, section)
     left join section on section.course_id = $1 and section.name = given.section
     where enrollment.course_id = $1 and enrollment.user_id = given.user_id`,
    [courseId, changed.map(({ userId }) => userId), becomes('studentId'), becomes('username'), becomes('section')],
  );
}

const Name = z.object({ name: z.string() });

const Member = z.object({
  userId: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: Role,
  studentId: z.string(),
  username: z.string(),
  section: z.string(),
  dropped: z.boolean(),
});

const membersQuery = `
  select "user".id as "userId", "user".email, "user".name, role, student_id as "studentId", username,
         coalesce(section.name, '') as section, dropped_at is not null as dropped
  from enrollment
  join "user" on "user".id = enrollment.user_id
  left join section on section.id = enrollment.section_id
  where enrollment.course_id = $1
  order by "user".name, "user".id`;

const maxErrors = 50;

function rejected(errors: readonly ProblemItem[]): AppError {
  const [first] = errors;
  const where =
    first?.line === undefined ? '' : `Line ${first.line}${first.column === undefined ? '' : `, ${first.column}`}: `;
  const more = errors.length > 1 ? ` There is more: ${errors.length} errors in all.` : '';
  return new AppError('roster-rejected', `${where}${first?.message ?? ''}${more}`, {
    errors: errors.slice(0, maxErrors),
    ...(errors.length > maxErrors && { moreErrors: errors.length - maxErrors }),
  });
}
