import type { z } from 'zod';
import { createCourse, editCourse, type CourseSettings } from '../../core/contract/courses.ts';
import type { Role } from '../../core/contract/people.ts';
import { Prisma, type Course, type PrismaClient } from '../../core/db/generated/client.ts';
import type { Queryable } from '../../core/db/sql.ts';
import { changesOf, recordAct } from '../audit/record.ts';
import { roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
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

type CourseEdit = z.output<typeof editCourse.schema.body>;

/** Changes what is given, and leaves the rest. */
export async function updateCourse(prisma: PrismaClient, by: Principal, id: number, edit: CourseEdit): Promise<Course> {
  const { title, timeZone, lateBankDays } = edit;
  return await prisma.$transaction(async (tx) => {
    // One change at a time, so that what it was before is what it replaces.
    await tx.$executeRaw`select 1 from course where id = ${id} for no key update`;
    const before = await tx.course.findUniqueOrThrow({ where: { id } });
    const data = {
      ...(title !== undefined && { title }),
      ...(timeZone !== undefined && { timeZone }),
      ...(lateBankDays !== undefined && { lateBankDays }),
    };
    const after = await tx.course.update({ where: { id }, data });
    await recordAct(tx, by, {
      courseId: id,
      action: editCourse.schema.operationId,
      subject: `course ${after.slug}`,
      ...changesOf(before, after),
    });
    return after;
  });
}

export function courseSettings({ slug, title, timeZone, lateBankDays }: Course, role: Role): CourseSettings {
  return { slug, title, timeZone, role, lateBankDays };
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/**
 * One change of a course's people at a time, until the transaction ends: what an import found is what it changes. Nobody who submits waits for it.
 */
export async function lockPeople(client: Queryable | Prisma.TransactionClient, courseId: number): Promise<void> {
  if ('query' in client) await client.query('select 1 from course where id = $1 for no key update', [courseId]);
  else await client.$executeRaw`select 1 from course where id = ${courseId} for no key update`;
}
