import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { hashPassword, newToken, passwordFits, tokenHash } from '../api/auth/secrets.ts';
import type { Role } from '../core/contract/people.ts';
import type { Database } from '../core/db/open.ts';
import type { PrismaClient, User } from '../core/db/generated/client.ts';

const Login = z.object({ email: z.string(), password: z.string() });

/** Who can sign in to the demo, and with what. Kept in `.topk/demo.json` by whoever starts it, since the database holds only hashes. */
export const DemoAccess = z.object({
  tokens: z.object({ instructor: z.string(), ta: z.string(), students: z.array(z.string()) }),
  logins: z.object({ instructor: Login, ta: Login, student: Login }),
});
export type DemoAccess = z.infer<typeof DemoAccess>;

const course = { slug: 'ds542', title: 'Deep Learning for Data Science', timeZone: 'America/New_York' };
const staff = {
  instructor: { email: 'instructor@demo.example', name: 'Iris Instructor', role: 'instructor' },
  ta: { email: 'ta@demo.example', name: 'Theo Assistant', role: 'ta' },
} as const;
const sections = ['A1', 'B1'] as const;

interface Newcomer {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly section?: (typeof sections)[number];
  /** More time in every phase. */
  readonly accommodation?: { readonly extraDays: number; readonly reason: string };
}

/** The first one is the newcomer's; the others have submitted. */
const students: readonly Newcomer[] = [
  { email: 'student@demo.example', name: 'Ada Student', role: 'student', section: 'A1' },
  { email: 'ben@demo.example', name: 'Ben Rivera', role: 'student', section: 'A1' },
  { email: 'chen@demo.example', name: 'Chen Wei', role: 'student', section: 'B1' },
  {
    email: 'dina@demo.example',
    name: 'Dina Haddad',
    role: 'student',
    section: 'B1',
    accommodation: { extraDays: 2, reason: 'By a letter of the disability services.' },
  },
];

/**
 * Makes the demo course and its people where they are missing. What `known` holds stays in force as long as it is valid; the rest is made anew, so a
 * second call changes nothing.
 */
export async function seedPeople(
  { prisma }: Pick<Database, 'prisma'>,
  known: DemoAccess | undefined,
): Promise<DemoAccess> {
  const { id: courseId } = await prisma.course.upsert({
    where: { slug: course.slug },
    create: { ...course, sections: { create: sections.map((name) => ({ name })) } },
    update: {},
  });
  const enrol = async (person: Newcomer) => await upsertPerson(prisma, courseId, person);
  const instructor = await enrol(staff.instructor);
  const ta = await enrol(staff.ta);
  const enrolled: User[] = [];
  for (const student of students) enrolled.push(await enrol(student));
  const [first] = enrolled;
  if (first === undefined) throw new Error('the demo has no student');
  return {
    tokens: {
      instructor: await tokenOf(prisma, instructor, known?.tokens.instructor),
      ta: await tokenOf(prisma, ta, known?.tokens.ta),
      students: await Promise.all(
        enrolled.map((student, index) => tokenOf(prisma, student, known?.tokens.students[index])),
      ),
    },
    logins: {
      instructor: await loginOf(prisma, instructor, known?.logins.instructor.password),
      ta: await loginOf(prisma, ta, known?.logins.ta.password),
      student: await loginOf(prisma, first, known?.logins.student.password),
    },
  };
}

async function upsertPerson(
  prisma: PrismaClient,
  courseId: number,
  { email, name, role, section, accommodation }: Newcomer,
): Promise<User> {
  const user = await prisma.user.upsert({ where: { email }, create: { email, name }, update: {} });
  const key = { courseId, userId: user.id };
  if ((await prisma.enrollment.findUnique({ where: { courseId_userId: key } })) !== null) return user;
  const inSection =
    section === undefined
      ? null
      : await prisma.section.findUnique({ where: { courseId_name: { courseId, name: section } } });
  // Both or none: who is there already is left alone.
  await prisma.$transaction([
    prisma.enrollment.create({ data: { ...key, role, sectionId: inSection?.id ?? null } }),
    ...(accommodation === undefined ? [] : [prisma.accommodation.create({ data: { ...key, ...accommodation } })]),
  ]);
  return user;
}

async function tokenOf(prisma: PrismaClient, user: User, known: string | undefined): Promise<string> {
  if (known !== undefined) {
    const row = await prisma.apiToken.findUnique({ where: { tokenHash: tokenHash(known) } });
    if (row && row.userId === user.id && row.revokedAt === null) return known;
  }
  const token = newToken();
  await prisma.apiToken.create({
    data: { userId: user.id, name: 'demo', tokenHash: tokenHash(token), hint: token.slice(0, 10) },
  });
  return token;
}

async function loginOf(prisma: PrismaClient, user: User, known: string | undefined) {
  if (known !== undefined && (await passwordFits(user.passwordHash, known)))
    return { email: user.email, password: known };
  const password = randomBytes(9).toString('base64url');
  await prisma.user.update({ where: { id: user.id }, data: { passwordHash: await hashPassword(password) } });
  return { email: user.email, password };
}
