import { randomBytes } from 'node:crypto';
import { z } from 'zod';
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

if (import.meta.main) {
  const [email, name = email] = process.argv.slice(2);
  const parsed = Email.safeParse(email);
  if (!parsed.success || name === undefined) {
    console.error('usage: DATABASE_URL=… node prisma/create-admin.ts ada@example.edu "Ada Lovelace"');
    process.exit(2);
  }
  const url = z.string().parse(process.env['DATABASE_URL']);
  const db = openDatabase({ url, maxConnections: 1, log: createLog({ name: 'create-admin', level: 'warn' }) });
  try {
    const password = await createAdmin(db, parsed.data, name);
    console.log(`${parsed.data} is a site admin. The password, shown this once: ${password}`);
  } finally {
    await db.close();
  }
}
