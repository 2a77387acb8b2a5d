import type { z } from 'zod';
import { deleteAccommodation, setAccommodation, type Accommodation } from '../../core/contract/dates.ts';
import type { Course, Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { notFound } from '../errors.ts';

type Given = z.output<typeof setAccommodation.schema.body>;

const withUser = { user: true } as const satisfies Prisma.AccommodationInclude;
type Row = Prisma.AccommodationGetPayload<{ include: typeof withUser }>;

/** By name. */
export async function readAccommodations(prisma: PrismaClient, courseId: number): Promise<Accommodation[]> {
  const found = await prisma.accommodation.findMany({
    where: { courseId },
    include: withUser,
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  return found.map(view);
}

/** @throws not-found where the course has no such student */
export async function putAccommodation(
  prisma: PrismaClient,
  by: Actor,
  course: Course,
  userId: number,
  given: Given,
): Promise<Accommodation> {
  const courseId = course.id;
  return await prisma.$transaction(async (tx) => {
    const enrollment = await tx.enrollment.findFirst({ where: { courseId, userId, role: 'student', droppedAt: null } });
    if (!enrollment) throw notFound(`student with the id ${userId} in ${course.slug}`);
    const before = await lock(tx, courseId, userId);
    const row = await tx.accommodation.upsert({
      where: { courseId_userId: { courseId, userId } },
      create: { courseId, userId, ...given },
      update: { ...given, setAt: new Date() },
      include: withUser,
    });
    await recordAct(tx, by, {
      courseId,
      action: setAccommodation.schema.operationId,
      subject: subjectOf(row),
      ...(before && { before: settingsOf(before) }),
      after: settingsOf(row),
    });
    return view(row);
  });
}

/** @throws not-found where the student has none */
export async function removeAccommodation(
  prisma: PrismaClient,
  by: Actor,
  { id: courseId }: Course,
  userId: number,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await lock(tx, courseId, userId);
    if (!row) throw notFound('accommodation of this student');
    await tx.accommodation.delete({ where: { courseId_userId: { courseId, userId } } });
    const action = deleteAccommodation.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: subjectOf(row), before: settingsOf(row) });
  });
}

/** One change at a time, so that what it was before is what is replaced. */
async function lock(tx: Prisma.TransactionClient, courseId: number, userId: number): Promise<Row | null> {
  await tx.$executeRaw`select 1 from accommodation where course_id = ${courseId} and user_id = ${userId} for update`;
  return await tx.accommodation.findUnique({ where: { courseId_userId: { courseId, userId } }, include: withUser });
}

function subjectOf({ user }: Row): string {
  return `accommodation for ${user.name} <${user.email}>`;
}

function settingsOf({ extraDays, timeFactor, reason }: Row) {
  return { extraDays, timeFactor, reason };
}

function view({ userId, user, extraDays, timeFactor, reason, setAt }: Row): Accommodation {
  return { userId, name: user.name, email: user.email, extraDays, timeFactor, reason, setAt: setAt.toISOString() };
}
