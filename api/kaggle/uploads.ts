import {
  kaggleCreateSubmission,
  kagglePutUpload,
  kaggleStartSubmissionUpload,
} from '../../core/contract/kaggle-submissions.ts';
import { principalOf } from '../auth/guard.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { createSlots } from '../http/slots.ts';
import { printable, receiveFile, tooLarge } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { openSending, requireAdmissible } from '../submissions/sending.ts';
import { accessNamed } from './access.ts';
import { uploadOrigin } from './address.ts';
import { create } from './create.ts';
import { announce, arrived, findPending, nameOf } from './pending.ts';

const maxPutsAtOnce = 4;
/** What is submitted is read through first, and there are few threads: nobody's files should hold up everybody else's. */
const maxSubmitsAtOnce = 2;

/** The first and the last step of submitting. */
export function kaggleSubmitRoutes(app: App, services: Services): void {
  const submits = createSlots<number>(maxSubmitsAtOnce, 'submissions');

  app.route({
    ...kaggleStartSubmissionUpload,
    handler: async (request) => {
      const principal = principalOf(request);
      const startedAt = new Date(request.receivedAtMs);
      const { competitionName, contentLength, fileName } = request.body;
      const { competition } = await accessNamed(services, principal, competitionName);
      const sending = await openSending(services, principal, { slug: competition.slug, phase: undefined });
      // Where the file goes to, a refusal can't reach the student any more.
      await requireAdmissible(services, sending, startedAt);
      if (contentLength > competition.maxFileBytes) throw tooLarge(competition.maxFileBytes);
      const token = await announce(services, {
        userId: principal.userId,
        competitionSlug: competition.slug,
        phaseSlug: sending.phase.slug,
        fileName: printable(fileName),
        maxBytes: competition.maxFileBytes,
        startedAt,
      });
      return { token, createUrl: `${uploadOrigin(request, services.config)}/api/v1/kaggle/upload/${token}` };
    },
  });

  app.route({
    ...kaggleCreateSubmission,
    handler: async (request) => {
      const leave = submits.take(principalOf(request).userId);
      try {
        return await create(services, principalOf(request), request.body, new Date(request.receivedAtMs));
      } finally {
        leave();
      }
    },
  });
}

/** Where the file is put: its address says whose it is. Put again, it is there once. */
export function kaggleUploadRoutes(app: App, services: Services): void {
  const puts = createSlots<number>(maxPutsAtOnce, 'uploads');

  app.route({
    ...kagglePutUpload,
    handler: async (request) => {
      const pending = await findPending(services, request.params.token);
      if (!pending) throw noUpload();
      const leave = puts.take(pending.userId);
      const scratch = services.blobs.scratch(true);
      try {
        const { blob } = await receiveFile(request, scratch, pending.maxBytes, pending.fileName);
        await scratch.park(nameOf(pending));
        if (!(await arrived(services, pending, blob))) throw noUpload();
        return { bytes: blob.bytes };
      } finally {
        leave();
        await scratch.discard();
      }
    },
  });
}

function noUpload(): AppError {
  return new AppError('not-found', 'This upload is over or was never begun. Submit the file again.');
}
