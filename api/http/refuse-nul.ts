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

/** Looks through what a JSON body or a query can hold, however deep; a stream is no such thing and is left alone. */
function holdsNul(whole: unknown): boolean {
  const left = [whole];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && value.includes('\0')) return true;
    if (Array.isArray(value)) for (const item of value) left.push(item);
    else if (isPlainObject(value)) for (const item of Object.values(value)) left.push(item);
  }
  return false;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
