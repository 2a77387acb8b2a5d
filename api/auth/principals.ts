import { z } from 'zod';
import { Role } from '../../core/contract/people.ts';
import { maybeRow, type Queryable } from '../../core/db/sql.ts';
import { createKept } from '../kept.ts';
import { tokenHash } from './secrets.ts';

/** Who sends a request: the person and their role in each course. */
export const Principal = z.object({
  userId: z.number().int(),
  email: z.string(),
  name: z.string(),
  isAdmin: z.boolean(),
  /** In the one course only, where staff look at it as this student. */
  roles: z.array(z.object({ courseId: z.number().int(), role: Role })),
  /** Who really sends it: staff of the course who look at it as this student, and can change nothing. */
  viewer: z.object({ userId: z.number().int(), name: z.string(), courseId: z.number().int() }).nullable(),
});
export type Principal = z.infer<typeof Principal>;

export interface Principals {
  /** The person behind a session's or an API token's secret; undefined where it is unknown, expired or revoked. */
  find(secret: string): Promise<Principal | undefined>;
  /** As `find`, by what is stored of the secret (`tokenHash`). */
  findByHash(hash: Buffer): Promise<Principal | undefined>;
  /** Forgets what is kept, after a sign-out, a revocation or a change of roles. */
  forget(): void;
}

export function createPrincipals(db: Queryable): Principals {
  const kept = createKept({
    // How long a revocation in another api process may go unnoticed if Redis, which tells of it, is down as well.
    keepMs: 5_000,
    keepAtMost: 10_000,
    read: async (hash) => await lookUp(db, Buffer.from(hash, 'base64')),
  });
  const findByHash = async (hash: Buffer) => await kept.get(hash.toString('base64'));
  return { find: async (secret) => await findByHash(tokenHash(secret)), findByHash, forget: kept.forget };
}

async function lookUp(db: Queryable, hash: Buffer): Promise<Principal | undefined> {
  return await maybeRow(
    db,
    Principal,
    `with bearer as (
       select user_id, viewing_user_id, viewing_course_id from session where token_hash = $1 and expires_at > now()
       union all
       select user_id, null, null from api_token where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
     ),
     -- Falls away as soon as either of the two is no longer what it takes.
     viewing as (
       select student.user_id, student.course_id, staff.id as staff_id, staff.name
       from bearer
       join enrollment as student on student.course_id = viewing_course_id and student.user_id = viewing_user_id
       join "user" as staff on staff.id = bearer.user_id
       left join enrollment as own on own.course_id = viewing_course_id and own.user_id = staff.id
       where student.role = 'student' and student.dropped_at is null
         and (staff.is_admin or (own.role <> 'student' and own.dropped_at is null))
     )
     select "user".id as "userId",
            "user".email,
            "user".name,
            "user".is_admin and viewing.user_id is null as "isAdmin",
            coalesce(
              (select json_agg(json_build_object('courseId', course_id, 'role', role)) from enrollment
               where user_id = "user".id and dropped_at is null and course_id = coalesce(viewing.course_id, course_id)),
              '[]'
            ) as roles,
            case when viewing.user_id is not null
              then json_build_object('userId', viewing.staff_id, 'name', viewing.name, 'courseId', viewing.course_id)
            end as viewer
     from bearer
     left join viewing on true
     join "user" on "user".id = coalesce(viewing.user_id, bearer.user_id)`,
    [hash],
  );
}
