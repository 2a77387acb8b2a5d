import { getCodeFile, listCodeFiles, listPredictedRows } from '../../core/contract/inspection.ts';
import type { FastifyRequest } from 'fastify';
import { principalOf, requireRole } from '../auth/guard.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from '../submissions/access.ts';
import { listCode, readCode } from './code.ts';
import { readRows } from './rows.ts';

/** What staff look at of a submission: its code, and which rows it got right. */
export function inspectionRoutes(app: App, services: Services): void {
  const access = async (request: FastifyRequest, id: number) => {
    const { row, role } = await accessSubmission(services, principalOf(request), id);
    requireRole(role, 'ta');
    return row;
  };

  app.route({
    ...listCodeFiles,
    handler: async (request) => ({ files: await listCode(services, await access(request, request.params.id)) }),
  });

  app.route({
    ...getCodeFile,
    handler: async (request) => await readCode(services, await access(request, request.params.id), request.query.path),
  });

  app.route({
    ...listPredictedRows,
    handler: async (request) => await readRows(services, await access(request, request.params.id), request.query),
  });
}
