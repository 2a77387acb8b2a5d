import { getStaffQueue, settleSubmission } from '../../core/contract/staff-queue.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from '../submissions/access.ts';
import { submissionView } from '../submissions/read.ts';
import { requireSubmission } from '../submissions/submit.ts';
import { readQueue } from './read.ts';
import { settle } from './settle.ts';

export function queueRoutes(app: App, services: Services): void {
  const { db } = services;

  app.route({
    ...getStaffQueue,
    handler: async (request) => {
      const { course, role } = await findCourse(db.prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      const { kind, competition, limit } = request.query;
      return await readQueue(db.pool, course.id, { kind, competition, limit });
    },
  });

  app.route({
    ...settleSubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, role } = await accessSubmission(services, principal, request.params.id);
      requireRole(role, 'ta');
      await settle(services, principal, row, request.body.settled);
      return submissionView(await requireSubmission(services, row.id), true);
    },
  });
}
