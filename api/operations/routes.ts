import type { FastifyInstance } from 'fastify';
import { within } from '../../core/queue/within.ts';
import type { Services } from '../services.ts';

const probeTimeoutMs = 2_000;
/** However often anybody asks, Postgres and the disk are asked this often at most. */
const probeEveryMs = 500;

/** For the operator: alive, ready, and how it goes. Open to all, since they hold nothing of anybody. */
export function operationRoutes(app: FastifyInstance, services: Services): void {
  const probes = {
    postgres: async () => {
      await services.db.pool.query('select 1');
    },
    redis: async () => await services.changes.ping(),
    files: async () => await services.blobs.probe(),
  };

  const runProbes = async () =>
    await Promise.all(
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
  const readyChecks = shared(probeEveryMs, runProbes);
  const metricsText = shared(probeEveryMs, async () => await services.metrics.text());

  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }));

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await readyChecks();
    const down = checks.filter(([, check]) => !check.ok).map(([name]) => name);
    return await reply.code(down.length === 0 ? 200 : 503).send({
      status: down.length === 0 ? 'ready' : 'not ready',
      down,
      checks: Object.fromEntries<{ ok: boolean; error?: string }>(checks),
    });
  });

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.type(services.metrics.contentType).send(await metricsText());
  });
}

/** Lets calls within `everyMs` of each other share one run of `work`. */
function shared<T>(everyMs: number, work: () => Promise<T>): () => Promise<T> {
  let last: { readonly startedMs: number; readonly result: Promise<T> } | undefined;
  return async () => {
    if (last === undefined || performance.now() - last.startedMs >= everyMs) {
      last = { startedMs: performance.now(), result: work() };
    }
    return await last.result;
  };
}
