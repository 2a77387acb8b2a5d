import { disqualifySubmission, restoreSubmission } from '../../core/contract/disqualify.ts';
import { listDue } from '../../core/contract/due.ts';
import * as contract from '../../core/contract/submissions.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { accessPhase } from '../competitions/access.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import { streamSubmission } from '../live/submission-stream.ts';
import { readRuns } from '../runs/read.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from './access.ts';
import { attachmentRoutes } from './attachment-routes.ts';
import { allowanceOf, usageOf } from './allowance.ts';
import { cancelAs, rerunAs } from './again.ts';
import { disqualify, restore } from './disqualify.ts';
import { readDue } from './due.ts';
import { readSubmissions, submissionView, type SubmissionRow } from './read.ts';
import { rerunBatchRoutes } from './rerun-batches.ts';
import { select } from './select.ts';
import { requireSubmission } from './submit.ts';
import { findTeam } from './teams.ts';

export function submissionRoutes(app: App, services: Services): void {
  const { pool } = services.db;
  rerunBatchRoutes(app, services);
  attachmentRoutes(app, services);

  app.route({
    ...contract.listSubmissions,
    handler: async (request) => {
      const principal = principalOf(request);
      const { phase: wanted, state, limit, cursor } = request.query;
      const { competition, phase, isStaff } = await accessPhase(
        services,
        principal,
        { slug: request.params.slug, phase: wanted },
        'student',
      );
      const teamId = isStaff ? undefined : await findTeam(services.db, competition.id, principal.userId);
      if (!isStaff && teamId === undefined) return { submissions: [] };
      const filter = { phaseId: phase.id, ...(teamId !== undefined && { teamId }), state, beforeId: cursor };
      // One more than asked for tells whether there is a next page.
      const found = await readSubmissions(services, { ...filter, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        submissions: page.map((row) => submissionView(row, isStaff)),
        ...(found.length > limit && last && { nextCursor: String(last.id) }),
      };
    },
  });

  app.route({ ...listDue, handler: async (request) => ({ due: await readDue(services, principalOf(request)) }) });

  app.route({
    ...contract.getAllowance,
    handler: async (request) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const { competition, phase } = await accessPhase(services, principal, target, 'student');
      // Nobody has team 0: a student who never submitted has used nothing.
      const teamId = (await findTeam(services.db, competition.id, principal.userId)) ?? 0;
      return allowanceOf(await usageOf(pool, phase.id, teamId, services.clock.now()));
    },
  });

  app.route({
    ...contract.getSubmission,
    handler: async (request) => {
      const { row, isStaff } = await accessSubmission(services, principalOf(request), request.params.id);
      return submissionView(row, isStaff);
    },
  });

  app.route({
    ...contract.downloadSubmission,
    handler: async (request, reply) => {
      const { row } = await accessSubmission(services, principalOf(request), request.params.id);
      return await sendBlob(request, reply, services.blobs, {
        hash: row.fileHash,
        bytes: row.fileBytes,
        name: row.fileName,
        modifiedAt: row.receivedAt,
      });
    },
  });

  app.route({
    ...contract.cancelSubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, isStaff } = await accessSubmission(services, principal, request.params.id);
      if (!(await cancelAs(services, principal, row, isStaff))) {
        const now = await requireSubmission(services, row.id);
        throw new AppError(
          'already-finished',
          now.state === 'queued' || (now.state === 'running' && now.needs !== 'score')
            ? `Submission ${row.id} is scored again by the staff, which only they can stop.`
            : `Submission ${row.id} is ${now.state}; only one that still waits, or code that runs, can be cancelled.`,
        );
      }
      return submissionView(await announce(services, row.id), isStaff);
    },
  });

  app.route({
    ...contract.rerunSubmission,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { row, role } = await accessSubmission(services, principal, request.params.id);
      requireRole(role, 'ta');
      const { as } = request.query;
      if (as !== undefined) await requireRepeatable(services, row.id, as);
      const requeued = await rerunAs(services, principal, row, as);
      if (!requeued)
        throw new AppError(
          'conflict',
          `Submission ${row.id} is ${row.state}; one that waits, runs or was cancelled can't be run again.`,
        );
      await services.doorbell.ring([requeued]);
      return await reply.code(202).send(submissionView(await announce(services, row.id), true));
    },
  });

  app.route({
    ...contract.selectSubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, isStaff } = await accessSubmission(services, principal, request.params.id);
      await select(services, principal, { row, isStaff }, request.body.selected);
      return submissionView(await announce(services, row.id, true), isStaff);
    },
  });

  app.route({
    ...disqualifySubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, role } = await accessSubmission(services, principal, request.params.id);
      requireRole(role, 'ta');
      await disqualify(services, principal, row, request.body.reason);
      return submissionView(await announce(services, row.id, true), true);
    },
  });

  app.route({
    ...restoreSubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { row, role } = await accessSubmission(services, principal, request.params.id);
      requireRole(role, 'ta');
      await restore(services, principal, row);
      return submissionView(await announce(services, row.id, true), true);
    },
  });

  app.route({
    ...contract.submissionEvents,
    handler: async (request, reply) => {
      let outdated = false;
      // Listens before it reads: a change between the two would be told a second late.
      const stopListening = services.hub.onSubmission(request.params.id, () => {
        outdated = true;
      });
      try {
        const { row, isStaff } = await accessSubmission(services, principalOf(request), request.params.id);
        streamSubmission(services, request, reply, { row, isStaff, outdated });
      } finally {
        stopListening();
      }
      return await reply;
    },
  });
}

async function requireRepeatable({ db }: Services, id: number, attempt: number): Promise<void> {
  const runs = await readRuns(db.pool, { submissionIds: [id], newest: false, withSamples: false });
  const run = runs.find((candidate) => candidate.attempt === attempt);
  if (!run) throw notFound(`run ${attempt} of submission ${id}`);
  if (run.inputs === null)
    throw new AppError(
      'conflict',
      `Run ${attempt} is from before inputs were kept with runs: it can’t be run as it was.`,
    );
}

/** Tells other listeners what this process did to a submission. */
async function announce(services: Services, id: number, board = false): Promise<SubmissionRow> {
  const row = await requireSubmission(services, id);
  services.changes.send({
    kind: 'submission',
    submissionId: row.id,
    phaseId: row.phaseId,
    state: row.state,
    board,
  });
  return row;
}
