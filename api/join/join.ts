import { z } from 'zod';
import type { Pool } from 'pg';
import { execute, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { tokenHash } from '../auth/secrets.ts';
import { linkUrl, newLink } from '../passwords/links.ts';
import { enrol } from '../passwords/set.ts';
import type { CodeInForce } from './codes.ts';

/** Makes a person a student of the code's course, once. @returns whether they are in it then: who was taken off is not */
export async function joinAs(pool: Pool, userId: number, { courseId, sectionId }: CodeInForce): Promise<boolean> {
  await transaction(pool, async (client) => await enrol(client, { courseId, userId, sectionId }));
  const { present } = await oneRow(
    pool,
    z.object({ present: z.boolean() }),
    `select dropped_at is null as present from enrollment where course_id = $1 and user_id = $2`,
    [courseId, userId],
  );
  return present;
}

const mostAnHour = 3;

/** Mails a link that makes an account, or finds the one that there is, and joins; not more than three an hour to one address. */
export async function mailJoinLink(
  db: Queryable,
  { id, course }: CodeInForce,
  { email, name }: { readonly email: string; readonly name: string },
  publicUrl: string,
  now: Date,
): Promise<void> {
  const { token, expiresAt } = newLink('join', now);
  const text = `Dear ${name},

set your password here, within a day; then you are in ${course.title}:

${linkUrl(publicUrl, token)}

If you did not ask to join, do nothing.
`;
  await execute(
    db,
    `with link as (
       insert into password_link (token_hash, purpose, email, name, join_code_id, expires_at)
       select $1, 'join', $2, $3, $4, $5
       where (select count(*) from password_link
              where email = $2 and purpose = 'join' and created_at > now() - interval '1 hour') < $6
       returning email
     )
     insert into mail (recipient, subject, text) select email, $7, $8 from link`,
    [tokenHash(token), email, name, id, expiresAt, mostAnHour, `Join ${course.title}`, text],
  );
}
