import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors.ts';

/** Postgres can't store the character U+0000 in a text; without this it would surface there, as a failure of ours. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const found = holdsNul(request.params) || holdsNul(request.query) || holdsNul(request.body);
    done(
      found
        ? new AppError('validation-failed', 'The request holds the character U+0000, which no text here may contain.')
        : undefined,
    );
  });
}

/** Looks through what a JSON body or a query can hold; a stream is no such thing and is left alone. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (Array.isArray(value)) return value.some(holdsNul);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(holdsNul);
}
