import type { Member } from '../../core/contract/courses.ts';
import type { Role } from '../../core/contract/people.ts';
import { Prisma, type Course, type PrismaClient } from '../../core/db/generated/client.ts';
import { roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { hashPassword } from '../auth/secrets.ts';
import { AppError, notFound } from '../errors.ts';

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

/**
 * Adds a person to a course or changes their role. An account that exists keeps its name and its password.
 * @throws conflict where an instructor would take the role from themselves
 */
export async function upsertMember(
  prisma: PrismaClient,
  by: Principal,
  courseId: number,
  member: NewMember,
): Promise<Member> {
  const passwordHash = member.password === undefined ? null : await hashPassword(member.password);
  return await prisma.$transaction(async (tx) => {
    const user = await tx.user.upsert({
      where: { email: member.email },
      create: { email: member.email, name: member.name, passwordHash },
      update: {},
    });
    if (member.role !== 'instructor') refuseOwnRole(by, user.id);
    await tx.enrollment.upsert({
      where: { courseId_userId: { courseId, userId: user.id } },
      create: { courseId, userId: user.id, role: member.role },
      update: { role: member.role },
    });
    return { userId: user.id, email: user.email, name: user.name, role: member.role };
  });
}

/**
 * Takes a person off a course.
 * @throws not-found where they are not in it, conflict where an instructor would remove themselves
 */
export async function takeOff(prisma: PrismaClient, by: Principal, courseId: number, userId: number) {
  refuseOwnRole(by, userId);
  const { count } = await prisma.enrollment.deleteMany({ where: { courseId, userId } });
  if (count === 0) throw notFound('member with this id');
}

/** A course without an instructor could be mended by a site admin only. */
function refuseOwnRole({ userId, isAdmin }: Principal, concerned: number): void {
  if (concerned === userId && !isAdmin)
    throw new AppError('conflict', 'You can’t take your own role of instructor away. Ask another instructor to do it.');
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
