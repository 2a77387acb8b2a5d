import {
  createAnnouncement,
  deleteAnnouncement,
  editAnnouncement,
  listAnnouncements,
} from '../../core/contract/announcements.ts';
import { atLeast, principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import { requireMail } from '../http/mail.ts';
import type { Services } from '../services.ts';
import { insertAnnouncement, readAnnouncements, removeAnnouncement, updateAnnouncement } from './announcements.ts';

export function announcementRoutes(app: App, { db: { prisma }, config, clock }: Services): void {
  const mailOf = (body: { readonly mail: boolean }) =>
    body.mail ? requireMail(config, 'Publish it without mail.') : undefined;

  app.route({
    ...listAnnouncements,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      const { limit, cursor: skip = 0 } = request.query;
      const isStaff = atLeast(role, 'ta');
      // One more than asked for tells whether there is a next page.
      const found = await readAnnouncements(prisma, { courseId: course.id, isStaff, skip, limit: limit + 1 });
      return {
        announcements: found.slice(0, limit),
        ...(found.length > limit && { nextCursor: String(skip + limit) }),
      };
    },
  });

  app.route({
    ...createAnnouncement,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'ta');
      const made = await insertAnnouncement(
        prisma,
        principal,
        { course, mail: mailOf(request.body) },
        request.body,
        clock.now(),
      );
      return await reply.code(201).send(made);
    },
  });

  app.route({
    ...editAnnouncement,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'ta');
      const target = { course, id: request.params.id, mail: mailOf(request.body) };
      return await updateAnnouncement(prisma, principal, target, request.body, clock.now());
    },
  });

  app.route({
    ...deleteAnnouncement,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'ta');
      await removeAnnouncement(prisma, principal, { courseId: course.id, id: request.params.id });
      return await reply.code(204).send(null);
    },
  });
}
