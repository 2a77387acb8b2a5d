import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { downloadStarter } from '../../core/contract/starter.ts';
import { principalOf } from '../auth/guard.ts';
import { accessPhase, requireOpened } from '../competitions/access.ts';
import { visibleFiles } from '../competitions/view.ts';
import { partsOf } from '../competitions/parts.ts';
import { runSettingsOf } from '../competitions/run-settings.ts';
import type { App } from '../http/app-type.ts';
import { originOf } from '../http/origin.ts';
import type { Services } from '../services.ts';
import { starterNotebook } from './starter.ts';

/** The Python client, for everybody: it holds nothing of this server. */
export async function pythonClientRoute(app: FastifyInstance): Promise<void> {
  const source = await readFile(join(import.meta.dirname, 'topk.py'));
  const etag = `"${createHash('sha256').update(source).digest('hex')}"`;
  app.get('/client/topk.py', { schema: { hide: true } }, async (request, reply) => {
    reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return await reply.code(304).send();
    return await reply.type('text/x-python; charset=utf-8').send(source);
  });
}

export function starterRoutes(app: App, services: Services): void {
  app.route({
    ...downloadStarter,
    handler: async (request, reply) => {
      const { slug } = request.params;
      const target = { slug, phase: request.query.phase };
      const granted = await accessPhase(services, principalOf(request), target, 'student');
      requireOpened(granted, services.clock.now());
      const { competition, phase } = granted;
      const notebook = starterNotebook({
        origin: originOf(request, services.config),
        slug,
        title: competition.title,
        phase: request.query.phase,
        part: partsOf(phase)[0]?.slug,
        accepts: phase.accepts,
        output: runSettingsOf(phase)?.output,
        // Students run it, so what only graded runs see is not in it, whoever asks.
        files: visibleFiles({ competition, isStaff: false }).map(({ name }) => name),
      });
      return await reply
        .type('application/x-ipynb+json')
        .headers({
          'cache-control': 'private, no-cache',
          'content-disposition': `attachment; filename="${slug}-starter.ipynb"`,
        })
        .send(JSON.stringify(notebook, null, 1));
    },
  });
}
