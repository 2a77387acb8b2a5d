import {
  addMember,
  createCourse,
  editMember,
  editCourse,
  getCourse,
  listCourses,
  listMembers,
  removeMember,
} from '../../core/contract/courses.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { me } from '../auth/me.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { courseSettings, findCourse, insertCourse, updateCourse } from './courses.ts';
import { readMembers, takeOff, updateMember, upsertMember } from './members.ts';

export function courseRoutes(app: App, services: Services): void {
  const { prisma } = services.db;

  app.route({
    ...createCourse,
    handler: async (request, reply) => {
      if (!principalOf(request).isAdmin)
        throw new AppError('forbidden', 'Only a site admin makes courses. Ask one for yours.');
      const course = await insertCourse(prisma, principalOf(request), request.body);
      return await reply
        .code(201)
        .send({ slug: course.slug, title: course.title, timeZone: course.timeZone, role: 'instructor' });
    },
  });

  app.route({
    ...listCourses,
    handler: async (request) => ({ courses: (await me(prisma, principalOf(request))).courses }),
  });

  app.route({
    ...getCourse,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      return courseSettings(course, role);
    },
  });

  app.route({
    ...editCourse,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const changed = await updateCourse(prisma, principal, course.id, request.body);
      accessChanged(services);
      return courseSettings(changed, role);
    },
  });

  app.route({
    ...listMembers,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      return { members: await readMembers(prisma, course.id, request.query) };
    },
  });

  app.route({
    ...addMember,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'instructor');
      const member = await upsertMember(prisma, principalOf(request), course.id, request.body);
      accessChanged(services);
      return member;
    },
  });

  app.route({
    ...editMember,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'instructor');
      const target = { courseId: course.id, userId: request.params.id };
      return await updateMember(prisma, principalOf(request), target, request.body);
    },
  });

  app.route({
    ...removeMember,
    handler: async (request, reply) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'instructor');
      await takeOff(prisma, principalOf(request), course.id, request.params.id);
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });
}
