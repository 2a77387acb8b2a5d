import type { LinkPurpose, Prisma } from '../../core/db/generated/client.ts';
import { maybeRow, type Queryable } from '../../core/db/sql.ts';
import { z } from 'zod';
import { newToken, tokenHash } from '../auth/secrets.ts';
import { AppError } from '../errors.ts';

const hourMs = 3_600_000;
const validMs: Record<LinkPurpose, number> = { invite: 14 * 24 * hourMs, reset: 2 * hourMs, join: 24 * hourMs };

/** A link that can be used, with the secret that is nowhere else. */
export interface NewLink {
  readonly email: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes links of one purpose; those before them for the same addresses and purpose can't be used any more. */
export async function insertLinks(
  tx: Prisma.TransactionClient,
  purpose: Exclude<LinkPurpose, 'join'>,
  emails: readonly string[],
  now: Date,
): Promise<NewLink[]> {
  const links = emails.map((email) => ({ email, ...newLink(purpose, now) }));
  await tx.passwordLink.deleteMany({ where: { purpose, email: { in: [...emails] }, usedAt: null } });
  await tx.passwordLink.createMany({
    data: links.map(({ email, token, expiresAt }) => ({ purpose, email, tokenHash: tokenHash(token), expiresAt })),
  });
  return links;
}

export function newLink(purpose: LinkPurpose, now: Date): { token: string; expiresAt: Date } {
  return { token: newToken(), expiresAt: new Date(now.getTime() + validMs[purpose]) };
}

/** The page that sets a password by a link. */
export function linkUrl(origin: string, token: string): string {
  return `${origin.replace(/\/$/, '')}/set-password/${token}`;
}

const Usable = z.object({
  id: z.number().int(),
  purpose: z.enum(['invite', 'reset', 'join']),
  email: z.string(),
  name: z.string(),
  expiresAt: z.date(),
  courseId: z.number().int().nullable(),
  course: z.string().nullable(),
  sectionId: z.number().int().nullable(),
});
export type Usable = z.output<typeof Usable>;

/**
 * A link that can still be used: an invitation only while its account has no password, a request to join while its code is in force.
 * @throws link-expired, the same for whatever is the matter
 */
export async function getUsableLink(db: Queryable, token: string): Promise<Usable> {
  const link = await maybeRow(
    db,
    Usable,
    `select password_link.id, purpose, password_link.email, password_link.name, password_link.expires_at as "expiresAt",
            course.id as "courseId", course.title as course, join_code.section_id as "sectionId"
     from password_link
     left join join_code on join_code.id = password_link.join_code_id
     left join course on course.id = join_code.course_id
     left join "user" on "user".email = password_link.email
     where token_hash = $1 and used_at is null and password_link.expires_at > now()
       and case purpose
             when 'invite' then "user".id is not null and "user".password_hash is null
             when 'reset' then "user".id is not null
             when 'join' then join_code.revoked_at is null and coalesce(join_code.expires_at > now(), true)
           end`,
    [tokenHash(token)],
  );
  if (!link) throw linkExpired();
  return link;
}

export function linkExpired(): AppError {
  return new AppError(
    'link-expired',
    'This link was used already, or its time is over. Ask for a new one where you got it; "Forgot your password?" is on the sign-in page.',
  );
}
