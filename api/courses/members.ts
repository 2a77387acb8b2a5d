import type { z } from 'zod';
import { addMember, editMember, removeMember, type listMembers, type Member } from '../../core/contract/courses.ts';
import type { Role } from '../../core/contract/people.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { changesOf, recordAct, type Actor } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { hashPassword } from '../auth/secrets.ts';
import { AppError, notFound } from '../errors.ts';
import { lockPeople } from './courses.ts';

const withPerson = { user: true, section: true } as const;
type Row = Prisma.EnrollmentGetPayload<{ include: typeof withPerson }>;

/** The people of a course by name; those who were taken off it only where they are asked for. */
export async function readMembers(
  prisma: PrismaClient,
  courseId: number,
  { section, dropped }: z.output<typeof listMembers.schema.querystring>,
): Promise<Member[]> {
  const found = await prisma.enrollment.findMany({
    where: { courseId, ...(section !== undefined && { sectionId: section }), ...(!dropped && { droppedAt: null }) },
    include: withPerson,
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  return found.map(view);
}

interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password?: string | undefined;
}

/**
 * Adds a person to a course, brings them back, or changes their role. An account that exists keeps its name and its password.
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
    await lockPeople(tx, courseId);
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
    const row = await tx.enrollment.upsert({
      where: { courseId_userId: { courseId, userId: user.id } },
      create: { courseId, userId: user.id, role: member.role },
      update: { role: member.role, droppedAt: null },
      include: withPerson,
    });
    const earlier = known?.enrollments[0];
    await recordAct(tx, by, {
      courseId,
      action: addMember.schema.operationId,
      subject: subjectOf(user),
      ...(earlier && { before: { role: earlier.role, ...(earlier.droppedAt && { droppedAt: earlier.droppedAt }) } }),
      after: { role: member.role, ...(!known && { newAccount: true }) },
    });
    return view(row);
  });
}

interface Target {
  readonly courseId: number;
  readonly userId: number;
}

/**
 * Changes what is given of a person who is or was in the course.
 * @throws not-found where there is no such person, or no such section
 */
export async function updateMember(
  prisma: PrismaClient,
  by: Actor,
  { courseId, userId }: Target,
  { sectionId, studentId, username }: z.output<typeof editMember.schema.body>,
): Promise<Member> {
  return await prisma.$transaction(async (tx) => {
    await lockPeople(tx, courseId);
    const where = { courseId_userId: { courseId, userId } };
    const before = await tx.enrollment.findUnique({ where, include: withPerson });
    if (!before) throw notFound('member with this id');
    if (sectionId && !(await tx.section.findUnique({ where: { id: sectionId, courseId } })))
      throw notFound('section with this id');
    const row = await tx.enrollment.update({
      where,
      data: {
        ...(sectionId !== undefined && { sectionId }),
        ...(studentId !== undefined && { studentId }),
        ...(username !== undefined && { username }),
      },
      include: withPerson,
    });
    await recordAct(tx, by, {
      courseId,
      action: editMember.schema.operationId,
      subject: subjectOf(row.user),
      ...changesOf(settingsOf(before), settingsOf(row)),
    });
    return view(row);
  });
}

/**
 * Takes a person off a course; what they did in it stays.
 * @throws not-found where they are not in it, conflict where an instructor would remove themselves
 */
export async function takeOff(prisma: PrismaClient, by: Principal, courseId: number, userId: number): Promise<void> {
  refuseOwnRole(by, userId);
  await prisma.$transaction(async (tx) => {
    await lockPeople(tx, courseId);
    const member = await tx.enrollment.findUnique({
      where: { courseId_userId: { courseId, userId }, droppedAt: null },
      include: { user: true },
    });
    if (!member) throw notFound('member with this id');
    await tx.$executeRaw`
      update enrollment set dropped_at = now() where course_id = ${courseId} and user_id = ${userId}`;
    await recordAct(tx, by, {
      courseId,
      action: removeMember.schema.operationId,
      subject: subjectOf(member.user),
      before: { role: member.role },
    });
  });
}

export function subjectOf({ name, email }: { name: string; email: string }): string {
  return `member ${name} <${email}>`;
}

function settingsOf({ section, studentId, username }: Row) {
  return { section: section?.name ?? null, studentId, username };
}

/** A course without an instructor could be mended by a site admin only. */
function refuseOwnRole({ userId, isAdmin }: Principal, concerned: number): void {
  if (concerned === userId && !isAdmin)
    throw new AppError('conflict', 'You can’t take your own role of instructor away. Ask another instructor to do it.');
}

function view({ userId, user, role, section, studentId, username, droppedAt }: Row): Member {
  return {
    userId,
    email: user.email,
    name: user.name,
    role,
    section: section && { id: section.id, name: section.name },
    studentId,
    username,
    hasPassword: user.passwordHash !== null,
    droppedAt: droppedAt?.toISOString() ?? null,
  };
}
