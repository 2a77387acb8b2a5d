import { beginViewing, endViewing } from '../../core/contract/viewing.ts';
import { transaction } from '../../core/db/sql.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, requireRole, sessionOf } from '../auth/guard.ts';
import { me } from '../auth/me.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { begin, end, sessionNeeded } from './viewing.ts';

export function viewingRoutes(app: App, services: Services): void {
  const { db, principals } = services;

  app.route({
    ...beginViewing,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(db.prisma, principal, request.params.course);
      requireRole(role, 'ta');
      const secret = sessionOf(request);
      if (secret === undefined) throw sessionNeeded();
      await begin(services, { secret, userId: principal.userId }, { courseId: course.id, userId: request.body.userId });
      accessChanged(services);
      return await me(db.prisma, (await principals.find(secret)) ?? principal);
    },
  });

  app.route({
    ...endViewing,
    handler: async (request) => {
      const principal = principalOf(request);
      const secret = sessionOf(request);
      if (secret === undefined || !principal.viewer) return await me(db.prisma, principal);
      await transaction(db.pool, async (client) => await end(client, secret, principal));
      accessChanged(services);
      return await me(db.prisma, (await principals.find(secret)) ?? principal);
    },
  });
}
