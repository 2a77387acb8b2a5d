import { listAuditEntries } from '../../core/contract/audit.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { readAudit, readAuditChoices } from './read.ts';

export function auditRoutes(app: App, { db }: Services): void {
  app.route({
    ...listAuditEntries,
    handler: async (request) => {
      const { course, role } = await findCourse(db.prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      const { text, action, actor, from, to, cursor, limit } = request.query;
      // One more than asked for tells whether there is a next page.
      const found = await readAudit(db.pool, course.id, { text, action, actor, from, to, cursor, limit: limit + 1 });
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      return {
        entries,
        ...(found.length > limit && last && { nextCursor: String(last.id) }),
        ...(await readAuditChoices(db.pool, course.id)),
      };
    },
  });
}
