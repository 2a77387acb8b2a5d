import { randomBytes } from 'node:crypto';
import { hashPassword } from '../api/auth/secrets.ts';
import { Email } from '../core/contract/people.ts';
import { openDatabase, type Database } from '../core/db/open.ts';
import { createLog } from '../core/log.ts';

/**
 * Makes a person a site admin with a new password, which is returned and stored nowhere. For the first one on a new server, and for who has locked
 * themselves out.
 */
export async function createAdmin({ prisma }: Pick<Database, 'prisma'>, email: string, name: string): Promise<string> {
  const password = randomBytes(15).toString('base64url');
  const passwordHash = await hashPassword(password);
  await prisma.user.upsert({
    where: { email },
    create: { email, name, passwordHash, isAdmin: true },
    update: { passwordHash, isAdmin: true },
  });
  return password;
}

/**
 * The command: does it for `[email, name]` in the database at `url` and returns what to print.
 * @throws how to call it, where the address is none
 */
export async function createAdminFrom([given, name = given]: readonly string[], url: string): Promise<string> {
  const email = Email.safeParse(given);
  if (!email.success || name === undefined)
    throw new Error('give an e-mail address and a name: ada@example.edu "Ada Lovelace"');
  const db = openDatabase({ url, maxConnections: 1, log: createLog({ name: 'create-admin', level: 'warn' }) });
  try {
    const password = await createAdmin(db, email.data, name);
    return `${email.data} is a site admin. The password, shown this once: ${password}`;
  } finally {
    await db.close();
  }
}

if (import.meta.main) {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('DATABASE_URL is not set');
  console.log(await createAdminFrom(process.argv.slice(2), url));
}
