import * as contract from '../../core/contract/competition-folder.ts';
import { atLeast, principalOf, requireRole } from '../auth/guard.ts';
import { access } from '../competitions/access.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import { createSlots } from '../http/slots.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { findFolderFile } from './files.ts';
import { pushFolder } from './push.ts';
import { findSource, keepSource } from './source.ts';
import { folderState } from './state.ts';
import { unpackFolder } from './unpack.ts';

/** A competition as a folder: read, and told what it was pushed with. */
export function competitionFolderRoutes(app: App, services: Services): void {
  const { db, clock, blobs } = services;

  app.route({
    ...contract.getCompetitionFolder,
    handler: async (request) => {
      const granted = await access(services, principalOf(request), request.params.slug, 'ta');
      const { competition, role } = granted;
      const kept = await findSource(db.pool, competition.id);
      return {
        course: competition.course.slug,
        slug: competition.slug,
        timeZone: competition.course.timeZone,
        secrets: atLeast(role, 'instructor'),
        source: kept?.source ?? null,
        pushed: kept?.state ?? null,
        now: await folderState(db.pool, granted, clock.now()),
      };
    },
  });

  app.route({
    ...contract.putCompetitionFolder,
    handler: async (request, reply) => {
      const action = contract.putCompetitionFolder.schema.operationId;
      await keepSource(services, principalOf(request), { slug: request.params.slug, ...request.body, action });
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...contract.downloadFolderFile,
    handler: async (request, reply) => {
      const granted = await access(services, principalOf(request), request.params.slug, 'ta');
      const state = await folderState(db.pool, granted, clock.now());
      const file = await findFolderFile(services, granted, state, request.params.name);
      return await sendBlob(request, reply, blobs, file);
    },
  });
}

/** How many folders one person may have under way: each takes room on the disk until it is done. */
const foldersAtOnce = 1;

export function competitionFolderUploadRoutes(app: App, services: Services): void {
  const { db, blobs, config } = services;
  const slots = createSlots<number>(foldersAtOnce, 'folders');

  app.route({
    ...contract.uploadCompetitionFolder,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(db.prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const release = slots.take(principal.userId);
      const scratch = blobs.scratch(false);
      try {
        const receivedAt = new Date(request.receivedAtMs);
        await receiveFile(request, scratch, config.maxUploadBytes, request.query.filename ?? 'folder.zip');
        const folder = await unpackFolder(scratch.path, course.slug, blobs, maxUnpacked(config.maxUploadBytes));
        try {
          return await pushFolder(services, {
            by: principal,
            course,
            folder,
            receivedAt,
            preview: request.query.preview,
          });
        } finally {
          await folder.discard();
        }
      } finally {
        await scratch.discard();
        release();
      }
    },
  });
}

/** All files of a folder together: a few of the largest. */
function maxUnpacked(maxUploadBytes: number): number {
  return 4 * maxUploadBytes;
}
