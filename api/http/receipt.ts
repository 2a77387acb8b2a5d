import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request's head reached this server, by Postgres's clock, in milliseconds since 1970. */
    receivedAtMs: number;
  }
}

/** Notes each request's receipt before anything else is done with it, so that a slow database or upload moves no deadline. */
export function stampReceipt(app: FastifyInstance, clock: Clock): void {
  app.decorateRequest('receivedAtMs', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAtMs = clock.now().getTime();
    done();
  });
}
