import { execute, type Queryable } from '../../core/db/sql.ts';
import { tokenHash } from '../auth/secrets.ts';
import { linkUrl, newLink } from './links.ts';

const mostAnHour = 3;

/** Mails a link that sets a new password, if there is an account; one statement for both, so that its time tells nothing. */
export async function mailResetLink(db: Queryable, email: string, publicUrl: string, now: Date): Promise<void> {
  const { token, expiresAt } = newLink('reset', now);
  await execute(
    db,
    `with account as (
       select email from "user"
       where email = $1
         and (select count(*) from password_link
              where email = $1 and purpose = 'reset' and created_at > now() - interval '1 hour') < $2
     ),
     link as (
       insert into password_link (token_hash, purpose, email, expires_at)
       select $3, 'reset', email, $4 from account
       returning email
     )
     insert into mail (recipient, subject, text) select email, $5, $6 from link`,
    [email, mostAnHour, tokenHash(token), expiresAt, 'A new password', textOf(linkUrl(publicUrl, token))],
  );
}

function textOf(url: string): string {
  return `Somebody, perhaps you, asked for a new password for your account. Set one here, within two hours:

${url}

If it was not you, do nothing: your password stays as it is.
`;
}
