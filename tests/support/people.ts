import { randomBytes } from 'node:crypto';
import { sessionCookie } from '../../api/auth/guard.ts';
import { newToken, tokenHash } from '../../api/auth/secrets.ts';
import type { Role } from '../../core/contract/people.ts';
import { createClient, type Client } from './client.ts';
import type { System } from './system.ts';

type Site = Pick<System, 'db' | 'url'>;

export interface Person extends Client {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly token: string;
}

export interface TestCourse {
  readonly id: number;
  readonly slug: string;
  readonly instructor: Person;
  readonly ta: Person;
  readonly students: readonly Person[];
  add(role: Role): Promise<Person>;
}

/** A course with staff and students who each hold an API token. */
export async function makeCourse(
  system: Site,
  options: { students?: number; timeZone?: string; slug?: string } = {},
): Promise<TestCourse> {
  const { prisma } = system.db;
  const slug = options.slug ?? `course-${randomBytes(4).toString('hex')}`;
  const { id } = await prisma.course.create({
    data: { slug, title: 'A course', timeZone: options.timeZone ?? 'America/New_York' },
  });
  const add = async (role: Role) => await makePerson(system, id, role);
  const students: Person[] = [];
  for (let i = 0; i < (options.students ?? 2); i++) students.push(await add('student'));
  return { id, slug, instructor: await add('instructor'), ta: await add('ta'), students, add };
}

export async function makePerson(
  system: Site,
  courseId: number | undefined,
  role: Role,
  isAdmin = false,
): Promise<Person> {
  const { prisma } = system.db;
  const nonce = randomBytes(5).toString('hex');
  const token = newToken();
  const user = await prisma.user.create({
    data: {
      email: `${role}-${nonce}@secret-mail.example`,
      name: `Secretname ${nonce}`,
      isAdmin,
      apiTokens: { create: { name: 'test', tokenHash: tokenHash(token), hint: token.slice(0, 10) } },
      ...(courseId !== undefined && { enrollments: { create: { courseId, role } } }),
    },
  });
  return { id: user.id, email: user.email, name: user.name, token, ...createClient(system.url, token) };
}

/** Signs a person in. @returns the header `cookie` of their browser */
export async function makeSession({ db }: Pick<Site, 'db'>, { id }: Pick<Person, 'id'>): Promise<string> {
  const secret = newToken();
  await db.prisma.session.create({
    data: { userId: id, tokenHash: tokenHash(secret), expiresAt: new Date(Date.now() + 3_600_000) },
  });
  return `${sessionCookie}=${secret}`;
}
