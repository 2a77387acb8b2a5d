import type { FastifyError, FastifyInstance } from 'fastify';
import { problems, type ProblemType } from '../../core/contract/problems.ts';
import type { KaggleError } from '../../core/contract/kaggle.ts';
import { explain } from '../errors.ts';
import type { z } from 'zod';

/**
 * Makes every failure of this scope leave as `{"code": 404, "message": "…"}`: the client prints the message. A code that is no number crashes it, and it hides the
 * message of a 401.
 */
export function failAsKaggle(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { type, message, extra } = explain(error, request);
    // Of a file’s answer the client prints nothing; this it takes as a reason to send it again.
    const code = request.method === 'PUT' && type === 'too-many-requests' ? 503 : codeOf(type);
    if (extra.retryAfterS !== undefined && code === 503) reply.header('retry-after', Math.ceil(extra.retryAfterS));
    const body: z.infer<typeof KaggleError> = { code, message };
    return reply.code(code).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
  });
}

/** Limits, deadlines and whatever else the student can mend are 400 in this protocol. */
function codeOf(type: ProblemType): number {
  if (type === 'not-open-yet' || type === 'deadline-passed') return 400;
  const { status } = problems[type];
  return [401, 403, 404, 500, 503].includes(status) ? status : 400;
}
