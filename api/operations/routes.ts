import type { FastifyInstance } from 'fastify';
import { within } from '../../core/queue/within.ts';
import type { Services } from '../services.ts';

const probeTimeoutMs = 2_000;

/** For the operator: alive, ready, and how it goes. Open to all, since they hold nothing of anybody. */
export function operationRoutes(app: FastifyInstance, services: Services): void {
  const probes = {
    postgres: async () => {
      await services.db.pool.query('select 1');
    },
    redis: async () => await services.changes.ping(),
    files: async () => await services.blobs.probe(),
  };

  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }));

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => {
        try {
          await within(probeTimeoutMs, probe());
          return [name, { ok: true }] as const;
        } catch (error) {
          app.log.warn({ err: error, dependency: name }, 'not ready');
          return [name, { ok: false, error: `${name} does not answer` }] as const;
        }
      }),
    );
    const down = checks.filter(([, check]) => !check.ok).map(([name]) => name);
    return await reply.code(down.length === 0 ? 200 : 503).send({
      status: down.length === 0 ? 'ready' : 'not ready',
      down,
      checks: Object.fromEntries<{ ok: boolean; error?: string }>(checks),
    });
  });

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.type(services.metrics.contentType).send(await services.metrics.text());
  });
}
