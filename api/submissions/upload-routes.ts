import { checkSubmission, createSubmission } from '../../core/contract/submissions.ts';
import { principalOf } from '../auth/guard.ts';
import { accessPhase, requirePhaseOpened } from '../competitions/access.ts';
import { acceptsCode } from '../competitions/run-settings.ts';
import type { App } from '../http/app-type.ts';
import { createSlots } from '../http/slots.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { allowanceOf } from './allowance.ts';
import { attachmentUploadRoutes } from './attachment-routes.ts';
import { findRepeated } from './admit.ts';
import { check } from './check.ts';
import { submissionView } from './read.ts';
import { openReception } from './receive.ts';
import { openSending, requireAdmissible, take } from './sending.ts';

/** From this size on it is worth a query to refuse an upload before it is sent. */
const largeBytes = 1 << 20;
const maxChecksAtOnce = 2;
/** Code is looked through before it is taken, in this process; what is refused is not even counted. */
const maxCodeAtOnce = 4;

/** What a student uploads. */
export function submissionUploadRoutes(app: App, services: Services): void {
  attachmentUploadRoutes(app, services);
  const { blobs, db } = services;
  // A file can be made to take seconds, and there are few threads: nobody's checks should hold up everybody else's.
  const checks = createSlots<number>(maxChecksAtOnce, 'checks');
  const uploads = createSlots<number>(maxCodeAtOnce, 'uploads');

  app.route({
    ...createSubmission,
    handler: async (request, reply) => {
      const receivedAt = new Date(request.receivedAtMs);
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const sending = await openSending(services, principal, target);
      const { competition, phase, isStaff, teamId } = sending;
      const declaredBytes = Number(request.headers['content-length'] ?? Infinity);
      const idempotencyKey = request.headers['idempotency-key'];
      const mayBeRefused = !isStaff && declaredBytes > largeBytes;
      if (mayBeRefused && !(await findRepeated(db.pool, { teamId, idempotencyKey })))
        await requireAdmissible(services, sending, receivedAt);
      const leave = acceptsCode(phase.accepts) ? uploads.take(principal.userId) : undefined;
      const reception = openReception(blobs);
      try {
        const bounds = { maxBytes: competition.maxFileBytes, rawName: request.query.filename };
        const { fields, ...received } = await reception.receive(request, phase, bounds);
        const { row, usage } = await take(services, sending, {
          ...received,
          part: fields.get('part') ?? request.query.part,
          note: fields.get('note') ?? request.query.note ?? '',
          receivedAt,
          idempotencyKey,
        });
        const { leftToday, leftTotal } = allowanceOf(usage);
        return await reply
          .code(202)
          .header('location', `/api/v1/submissions/${row.id}`)
          .send({ ...submissionView(row, isStaff), leftToday, leftTotal });
      } finally {
        leave?.();
        await reception.discard();
      }
    },
  });

  app.route({
    ...checkSubmission,
    handler: async (request) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const principal = principalOf(request);
      const granted = await accessPhase(services, principal, target, 'student');
      requirePhaseOpened(granted, services.clock.now());
      const leave = checks.take(principal.userId);
      const scratch = blobs.scratch(false);
      try {
        const { competition, phase } = granted;
        const file = await receiveFile(
          request,
          scratch,
          competition.maxFileBytes,
          request.query.filename ?? 'predictions.csv',
        );
        return await check(services, competition, phase, { ...file, path: scratch.path });
      } finally {
        leave();
        await scratch.discard();
      }
    },
  });
}
