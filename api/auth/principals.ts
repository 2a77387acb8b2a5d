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
  roles: z.array(z.object({ courseId: z.number().int(), role: Role })),
});
export type Principal = z.infer<typeof Principal>;

export interface Principals {
  /** The person behind a session's or an API token's secret; undefined where it is unknown, expired or revoked. */
  find(secret: string): Promise<Principal | undefined>;
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
  return { find: async (secret) => await kept.get(tokenHash(secret).toString('base64')), forget: kept.forget };
}

async function lookUp(db: Queryable, hash: Buffer): Promise<Principal | undefined> {
  return await maybeRow(
    db,
    Principal,
    `with bearer as (
       select user_id from session where token_hash = $1 and expires_at > now()
       union all
       select user_id from api_token where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
     )
     select "user".id as "userId",
            "user".email,
            "user".name,
            "user".is_admin as "isAdmin",
            coalesce(
              (select json_agg(json_build_object('courseId', course_id, 'role', role)) from enrollment
               where user_id = "user".id and dropped_at is null),
              '[]'
            ) as roles
     from bearer
     join "user" on "user".id = bearer.user_id`,
    [hash],
  );
}
