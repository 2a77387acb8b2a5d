import type { FastifyRequest } from 'fastify';
import { getInsights, getRowInsights } from '../../core/contract/insights.ts';
import { principalOf } from '../auth/guard.ts';
import { accessPhase } from '../competitions/access.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { readInsights } from './overview.ts';
import { createRowInsights } from './row-insights.ts';

export function insightRoutes(app: App, services: Services): void {
  const readRowInsights = createRowInsights(services);
  const access = async (request: FastifyRequest, slug: string, phase: string | undefined) =>
    await accessPhase(services, principalOf(request), { slug, phase }, 'ta');

  app.route({
    ...getInsights,
    handler: async (request) =>
      await readInsights(services.db.pool, await access(request, request.params.slug, request.query.phase)),
  });

  app.route({
    ...getRowInsights,
    handler: async (request) => {
      const { phase } = await access(request, request.params.slug, request.query.phase);
      return await readRowInsights(phase);
    },
  });
}
