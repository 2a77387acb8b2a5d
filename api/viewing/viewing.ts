import { z } from 'zod';
import { beginViewing, endViewing } from '../../core/contract/viewing.ts';
import { maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { tokenHash } from '../auth/secrets.ts';
import { subjectOf } from '../courses/members.ts';
import { AppError, notFound } from '../errors.ts';
import type { Services } from '../services.ts';

const Student = z.object({ name: z.string(), email: z.string() });

/** A session, and whose it is. */
interface OwnSession {
  readonly secret: string;
  readonly userId: number;
}

/**
 * Makes a session of staff see a course as one of its students does.
 * @throws not-found where the course has no such student
 */
export async function begin(
  { db }: Pick<Services, 'db'>,
  { secret, userId: staffId }: OwnSession,
  { courseId, userId }: { readonly courseId: number; readonly userId: number },
): Promise<void> {
  await transaction(db.pool, async (client) => {
    const student = await maybeRow(
      client,
      Student,
      `update session
       set viewing_user_id = enrollment.user_id, viewing_course_id = enrollment.course_id
       from enrollment
       join "user" on "user".id = enrollment.user_id
       where session.token_hash = $1 and session.user_id = $2
         and enrollment.course_id = $3 and enrollment.user_id = $4 and enrollment.role = 'student' and enrollment.dropped_at is null
       returning "user".name, "user".email`,
      [tokenHash(secret), staffId, courseId, userId],
    );
    if (!student) throw notFound('student with this id');
    await recordAct(
      client,
      { userId: staffId },
      {
        courseId,
        action: beginViewing.schema.operationId,
        subject: subjectOf(student),
        after: { viewing: student.email },
      },
    );
  });
}

/** Makes a session its person's own again; nothing happens where it is. */
export async function end(client: Queryable, secret: string, { viewer, name, email }: Principal): Promise<void> {
  if (!viewer) return;
  const ended = await maybeRow(
    client,
    z.object({ id: z.number().int() }),
    `update session set viewing_user_id = null, viewing_course_id = null
     where token_hash = $1 and viewing_user_id is not null
     returning id`,
    [tokenHash(secret)],
  );
  if (!ended) return;
  await recordAct(client, viewer, {
    courseId: viewer.courseId,
    action: endViewing.schema.operationId,
    subject: subjectOf({ name, email }),
    before: { viewing: email },
  });
}

export function sessionNeeded(): AppError {
  return new AppError('conflict', 'An API token can’t look as somebody else: sign in with a browser and do it there.');
}
