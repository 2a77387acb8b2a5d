import {
  createSection,
  deleteSection,
  listSections,
  renameSection,
  type Section,
} from '../../core/contract/sections.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { findCourse, isUniqueViolation, lockPeople } from './courses.ts';

export function sectionRoutes(app: App, { db: { prisma } }: Services): void {
  app.route({
    ...listSections,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      const found = await prisma.section.findMany({
        where: { courseId: course.id },
        include: withCount,
        orderBy: { name: 'asc' },
      });
      return { sections: found.map(view) };
    },
  });

  app.route({
    ...createSection,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      return await reply.code(201).send(await insertSection(prisma, principal, course.id, request.body.name));
    },
  });

  app.route({
    ...renameSection,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      return await rename(prisma, principal, { courseId: course.id, id: request.params.id }, request.body.name);
    },
  });

  app.route({
    ...deleteSection,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      await removeSection(prisma, principal, { courseId: course.id, id: request.params.id });
      return await reply.code(204).send(null);
    },
  });
}

const withCount = {
  _count: { select: { enrollments: { where: { droppedAt: null, role: 'student' } } } },
} as const satisfies Prisma.SectionInclude;
type Row = Prisma.SectionGetPayload<{ include: typeof withCount }>;

interface Target {
  readonly courseId: number;
  readonly id: number;
}

async function insertSection(prisma: PrismaClient, by: Actor, courseId: number, name: string): Promise<Section> {
  return await unlessTaken(
    name,
    async () =>
      await prisma.$transaction(async (tx) => {
        const row = await tx.section.create({ data: { courseId, name }, include: withCount });
        const action = createSection.schema.operationId;
        await recordAct(tx, by, { courseId, action, subject: `section ${name}`, after: { name } });
        return view(row);
      }),
  );
}

async function rename(prisma: PrismaClient, by: Actor, target: Target, name: string): Promise<Section> {
  return await unlessTaken(
    name,
    async () =>
      await prisma.$transaction(async (tx) => {
        const before = await find(tx, target);
        const row = await tx.section.update({ where: { id: target.id }, data: { name }, include: withCount });
        await recordAct(tx, by, {
          courseId: target.courseId,
          action: renameSection.schema.operationId,
          subject: `section ${before.name}`,
          before: { name: before.name },
          after: { name },
        });
        return view(row);
      }),
  );
}

async function removeSection(prisma: PrismaClient, by: Actor, target: Target): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const before = await find(tx, target);
    await tx.section.delete({ where: { id: target.id } });
    await recordAct(tx, by, {
      courseId: target.courseId,
      action: deleteSection.schema.operationId,
      subject: `section ${before.name}`,
      before: view(before),
    });
  });
}

async function find(tx: Prisma.TransactionClient, { courseId, id }: Target): Promise<Row> {
  await lockPeople(tx, courseId);
  const row = await tx.section.findUnique({ where: { id, courseId }, include: withCount });
  if (!row) throw notFound('section with this id');
  return row;
}

async function unlessTaken<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('conflict', `There is already a section "${name}".`);
    throw error;
  }
}

function view({ id, name, _count }: Row): Section {
  return { id, name, students: _count.enrollments };
}
