import { anonymiseCourse, exportCourse, restoreCourse } from '../../core/contract/archive.ts';
import { accessChanged } from '../access-changed.ts';
import { recordAct } from '../audit/record.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { anonymise } from './anonymise.ts';
import { archiveOf } from './export.ts';
import { restoreArchive } from './restore.ts';

export function archiveRoutes(app: App, services: Services): void {
  const { db, clock } = services;

  app.route({
    ...exportCourse,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(db.prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const now = clock.now();
      const archive = await archiveOf(services, course, now, request.log);
      const action = exportCourse.schema.operationId;
      // It changes nothing, but whoever asks later who took the records should find it.
      await recordAct(db.prisma, principal, { courseId: course.id, action, subject: `course ${course.slug}` });
      return await reply
        .type('application/x-tar')
        .header('content-disposition', `attachment; filename="${course.slug}-${now.toISOString().slice(0, 10)}.tar"`)
        .send(archive);
    },
  });

  app.route({
    ...anonymiseCourse,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(db.prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const { confirm, preview } = request.body;
      if (confirm !== course.slug)
        throw new AppError(
          'validation-failed',
          `To confirm it, send the course’s slug: {"confirm": "${course.slug}"}.`,
        );
      const result = await anonymise(services, principal, course, preview);
      if (!preview) accessChanged(services);
      return result;
    },
  });
}

/** Only the disk bounds it: a site admin sends it. */
const maxArchiveBytes = 1e12;

export function archiveUploadRoutes(app: App, services: Services): void {
  app.route({
    ...restoreCourse,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      if (!principal.isAdmin) throw new AppError('forbidden', 'Only a site admin restores courses. Ask one.');
      const scratch = services.blobs.scratch(false);
      try {
        await receiveFile(request, scratch, maxArchiveBytes, request.query.filename);
        const restored = await restoreArchive(services, principal, scratch.path, request.query.suffix ?? '');
        accessChanged(services);
        return await reply.code(201).send(restored);
      } finally {
        await scratch.discard();
      }
    },
  });
}
