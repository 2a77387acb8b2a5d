import type { Member } from '../../core/contract/courses.ts';
import type { Role } from '../../core/contract/people.ts';
import { Prisma, type Course, type PrismaClient } from '../../core/db/generated/client.ts';
import { roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { hashPassword } from '../auth/secrets.ts';
import { notFound } from '../errors.ts';

/**
 * A course and the principal's role in it.
 * @throws not-found also where it exists and they are not in it: who is not told what there is can't probe for it
 */
export async function findCourse(
  prisma: PrismaClient,
  principal: Principal,
  slug: string,
): Promise<{ course: Course; role: Role }> {
  const course = await prisma.course.findUnique({ where: { slug } });
  const role = course && roleIn(principal, course.id);
  if (!course || !role) throw notFound(`course "${slug}"`);
  return { course, role };
}

interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password?: string | undefined;
}

/** Adds a person to a course or changes their role. An account that exists keeps its name and its password. */
export async function upsertMember(prisma: PrismaClient, courseId: number, member: NewMember): Promise<Member> {
  const passwordHash = member.password === undefined ? null : await hashPassword(member.password);
  return await prisma.$transaction(async (tx) => {
    const user = await tx.user.upsert({
      where: { email: member.email },
      create: { email: member.email, name: member.name, passwordHash },
      update: {},
    });
    await tx.enrollment.upsert({
      where: { courseId_userId: { courseId, userId: user.id } },
      create: { courseId, userId: user.id, role: member.role },
      update: { role: member.role },
    });
    return { userId: user.id, email: user.email, name: user.name, role: member.role };
  });
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
