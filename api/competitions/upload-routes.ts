import { putAnswerKey } from '../../core/contract/competitions.ts';
import { addFiles } from '../../core/contract/files.ts';
import { createKeyPreview } from '../../core/contract/key-previews.ts';
import { createBaseline } from '../../core/contract/submissions.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf } from '../auth/guard.ts';
import type { App } from '../http/app-type.ts';
import { receiveFile, receiveFiles } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { submitBaseline } from '../submissions/baselines.ts';
import { access, accessPhase } from './access.ts';
import { replaceAnswerKey } from './answer-key.ts';
import { customMetricUploadRoutes } from './custom-metric.ts';
import { putFiles } from './files.ts';
import { previewKey } from './key-preview.ts';

const maxDataFiles = 20;

/** What an instructor uploads. */
export function competitionUploadRoutes(app: App, services: Services): void {
  const { blobs, config } = services;
  customMetricUploadRoutes(app, services);

  app.route({
    ...putAnswerKey,
    handler: async (request) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const { competition, phase } = await accessPhase(services, principal, target, 'instructor');
      const file = await receiveFile(request, blobs, config.maxUploadBytes, 'solution.csv');
      return await replaceAnswerKey(services, {
        competition,
        phase,
        hash: file.blob.hash,
        userId: principal.userId,
        rescore: request.query.rescore ?? false,
        action: putAnswerKey.schema.operationId,
      });
    },
  });

  app.route({
    ...createKeyPreview,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'instructor');
      const file = await receiveFile(request, blobs, config.maxUploadBytes, 'solution.csv');
      return await reply.code(202).send(await previewKey(services, principal, granted, file));
    },
  });

  app.route({
    ...addFiles,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      const { hidden, phase } = request.query;
      const bounds = { maxBytes: config.maxUploadBytes, maxFiles: maxDataFiles };
      const { files } = await receiveFiles(request, () => blobs, bounds, request.query.filename);
      const added = await putFiles(services, principal, competition, { files, hidden, phase });
      accessChanged(services);
      return await reply.code(201).send(added);
    },
  });

  app.route({
    ...createBaseline,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'instructor');
      const receivedAt = new Date(request.receivedAtMs);
      const file = await receiveFile(request, blobs, granted.competition.maxFileBytes, request.query.filename);
      const submission = await submitBaseline(services, granted, {
        principal,
        file,
        receivedAt,
        name: request.query.name,
        part: request.query.part,
      });
      return await reply.code(202).header('location', `/api/v1/submissions/${submission.id}`).send(submission);
    },
  });
}
