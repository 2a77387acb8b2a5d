import { z } from 'zod';
import { execute, maybeRow, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { hashPassword } from '../auth/secrets.ts';
import { lockPeople } from '../courses/courses.ts';
import type { Services } from '../services.ts';
import { getUsableLink, linkExpired, type Usable } from './links.ts';

const Id = z.object({ id: z.number().int() });

/**
 * Sets a password by a link, which can't be used again; ends the person's sessions. Who asked to join gets an account and is in the course.
 * @throws link-expired
 */
export async function setPasswordBy({ db }: Pick<Services, 'db'>, token: string, password: string): Promise<string> {
  // Looked at first: hashing costs too much to be had without a link.
  await getUsableLink(db.pool, token);
  const hash = await hashPassword(password);
  return await transaction(db.pool, async (client) => {
    const link = await getUsableLink(client, token);
    const used = await maybeRow(
      client,
      Id,
      `update password_link set used_at = now() where id = $1 and used_at is null returning id`,
      [link.id],
    );
    if (!used) throw linkExpired();
    const userId = await setOn(client, link, hash);
    await execute(client, `delete from session where user_id = $1`, [userId]);
    await execute(client, `delete from password_link where email = $1 and used_at is null and purpose <> 'join'`, [
      link.email,
    ]);
    return link.email;
  });
}

async function setOn(client: Queryable, link: Usable, hash: string): Promise<number> {
  if (link.purpose === 'join')
    await execute(client, `insert into "user" (email, name) values ($1, $2) on conflict (email) do nothing`, [
      link.email,
      link.name,
    ]);
  const { id } = await oneRow(client, Id, `update "user" set password_hash = $2 where email = $1 returning id`, [
    link.email,
    hash,
  ]);
  if (link.courseId !== null) await enrol(client, { courseId: link.courseId, userId: id, sectionId: link.sectionId });
  return id;
}

/** In a transaction: makes a person a student of a course. Who is or was in it stays as they are: who was taken off is brought back by staff only. */
export async function enrol(
  client: Queryable,
  { courseId, userId, sectionId }: { courseId: number; userId: number; sectionId: number | null },
): Promise<void> {
  await lockPeople(client, courseId);
  await execute(
    client,
    `insert into enrollment (course_id, user_id, role, section_id) values ($1, $2, 'student', $3) on conflict do nothing`,
    [courseId, userId, sectionId],
  );
}
