import { addMember, createCourse, removeMember, type Member } from '../../core/contract/courses.ts';
import type { Role } from '../../core/contract/people.ts';
import { Prisma, type Course, type PrismaClient } from '../../core/db/generated/client.ts';
import { recordAct } from '../audit/record.ts';
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

/**
 * Makes a course.
 * @throws conflict where its slug is taken
 */
export async function insertCourse(
  prisma: PrismaClient,
  by: Principal,
  { slug, title, timeZone }: { slug: string; title: string; timeZone: string },
): Promise<Course> {
  try {
    return await prisma.$transaction(async (tx) => {
      const course = await tx.course.create({ data: { slug, title, timeZone } });
      await recordAct(tx, by, {
        courseId: course.id,
        action: createCourse.schema.operationId,
        subject: `course ${slug}`,
        after: { title, timeZone },
      });
      return course;
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AppError('conflict', `There is already a course "${slug}". Choose another slug.`);
    throw error;
  }
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
    const known = await tx.user.findUnique({
      where: { email: member.email },
      include: { enrollments: { where: { courseId } } },
    });
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
    const earlier = known?.enrollments[0];
    await recordAct(tx, by, {
      courseId,
      action: addMember.schema.operationId,
      subject: subjectOf(user),
      ...(earlier && { before: { role: earlier.role } }),
      after: { role: member.role, ...(!known && { newAccount: true }) },
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
  await prisma.$transaction(async (tx) => {
    const member = await tx.enrollment.findUnique({
      where: { courseId_userId: { courseId, userId } },
      include: { user: true },
    });
    const { count } = await tx.enrollment.deleteMany({ where: { courseId, userId } });
    if (count === 0 || !member) throw notFound('member with this id');
    await recordAct(tx, by, {
      courseId,
      action: removeMember.schema.operationId,
      subject: subjectOf(member.user),
      before: { role: member.role },
    });
  });
}

function subjectOf({ name, email }: { name: string; email: string }): string {
  return `member ${name} <${email}>`;
}

/** A course without an instructor could be mended by a site admin only. */
function refuseOwnRole({ userId, isAdmin }: Principal, concerned: number): void {
  if (concerned === userId && !isAdmin)
    throw new AppError('conflict', 'You can’t take your own role of instructor away. Ask another instructor to do it.');
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
