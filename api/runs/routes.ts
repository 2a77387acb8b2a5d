import type { FastifyReply, FastifyRequest } from 'fastify';
import { getRunLog, getRunNotebook, getRunOutput, listRuns, runEvents } from '../../core/contract/runs.ts';
import { principalOf } from '../auth/guard.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from '../submissions/access.ts';
import { streamRun } from './events.ts';
import { sendLog } from './log.ts';
import { readRuns, runSummary, runView } from './read.ts';

/** A run is seen by whoever sees its submission; what of it, by `runSummary` alone. */
export function runRoutes(app: App, services: Services): void {
  const { pool } = services.db;

  const accessRun = async (request: FastifyRequest, { id, attempt }: { id: number; attempt: number }) => {
    const { row, isStaff } = await accessSubmission(services, principalOf(request), id);
    const runs = await readRuns(pool, { submissionIds: [row.id], newest: false, withSamples: false });
    const run = runs.find((candidate) => candidate.attempt === attempt);
    if (!run) throw notFound(`run ${attempt} of submission ${id}`);
    return { row, run, isStaff, view: runSummary(run, isStaff) };
  };

  app.route({
    ...listRuns,
    handler: async (request) => {
      const { row, isStaff } = await accessSubmission(services, principalOf(request), request.params.id);
      const runs = await readRuns(pool, { submissionIds: [row.id], newest: false, withSamples: true });
      return { runs: runs.map((run) => runView(run, isStaff)) };
    },
  });

  app.route({
    ...getRunLog,
    handler: async (request, reply) => {
      const { run, isStaff } = await accessRun(request, request.params);
      return await sendLog(services, reply, run, isStaff);
    },
  });

  const sendFile = async (request: FastifyRequest, reply: FastifyReply, file: FileToSend) =>
    await sendBlob(request, reply, services.blobs, file);

  app.route({
    ...getRunOutput,
    handler: async (request, reply) => {
      const { row, run, view } = await accessRun(request, request.params);
      if (!view.output) throw notFound(`output of run ${run.attempt} of submission ${row.id}`);
      const name = `submission-${row.id}-run-${run.attempt}-${run.outputName ?? row.runSettings?.output ?? 'predictions.csv'}`;
      return await sendFile(request, reply, {
        ...blobOf(view.output),
        name,
        modifiedAt: run.exitedAt ?? run.claimedAt,
      });
    },
  });

  app.route({
    ...getRunNotebook,
    handler: async (request, reply) => {
      const { row, run, view } = await accessRun(request, request.params);
      if (!view.notebook) throw notFound(`notebook of run ${run.attempt} of submission ${row.id}`);
      const name = `submission-${row.id}-run-${run.attempt}.ipynb`;
      const type = 'application/x-ipynb+json';
      const file = { ...blobOf(view.notebook), name, modifiedAt: run.exitedAt ?? run.claimedAt, type };
      return await sendFile(request, reply, file);
    },
  });

  app.route({
    ...runEvents,
    handler: async (request, reply) => {
      const { row, isStaff } = await accessSubmission(services, principalOf(request), request.params.id);
      streamRun(services, request, reply, { submissionId: row.id, isStaff });
      return await reply;
    },
  });
}

type FileToSend = Parameters<typeof sendBlob>[3];

function blobOf({ sha256, bytes }: { sha256: string; bytes: number }) {
  return { hash: sha256, bytes };
}
