import { deleteAttachment, downloadAttachment, putAttachment } from '../../core/contract/attachments.ts';
import { principalOf } from '../auth/guard.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from './access.ts';
import { attach, detach, readAttachment, requireAttachable } from './attachments.ts';
import { submissionView } from './read.ts';
import { requireSubmission } from './submit.ts';

export function attachmentRoutes(app: App, services: Services): void {
  app.route({
    ...downloadAttachment,
    handler: async (request, reply) => {
      const { row } = await accessSubmission(services, principalOf(request), request.params.id);
      const stored = await readAttachment(services.db.pool, row.id, request.params.field);
      return await sendBlob(request, reply, services.blobs, stored);
    },
  });

  app.route({
    ...deleteAttachment,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, isStaff } = await accessSubmission(services, principal, request.params.id);
      await detach(services, principal, { row, isStaff, field: request.params.field });
      const { attachments } = submissionView(await requireSubmission(services, row.id), isStaff);
      return { attachments };
    },
  });
}

export function attachmentUploadRoutes(app: App, services: Services): void {
  app.route({
    ...putAttachment,
    handler: async (request) => {
      const principal = principalOf(request);
      const { id, field } = request.params;
      const { row, isStaff } = await accessSubmission(services, principal, id);
      const scratch = services.blobs.scratch(true);
      try {
        const file = await receiveFile(request, scratch, row.maxFileBytes, request.query.filename ?? field);
        const received = await requireAttachable(row.attachmentFields, { ...file, field, path: scratch.path });
        await attach(services, principal, { row, isStaff, field }, received, async () => await scratch.keep());
      } finally {
        await scratch.discard();
      }
      const { attachments } = submissionView(await requireSubmission(services, id), isStaff);
      return { attachments };
    },
  });
}
