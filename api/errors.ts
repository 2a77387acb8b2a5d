import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { problems, type Problem, type ProblemItem, type ProblemType } from '../core/contract/problems.ts';
import { inWords } from './http/validation-words.ts';

interface Extra {
  readonly errors?: readonly ProblemItem[];
  readonly moreErrors?: number;
  readonly nextSlotAt?: string;
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  readonly retryAfterS?: number;
}

/** A failure that is the client's to mend; `detail` says what happened and what to do. */
export class AppError extends Error {
  readonly type: ProblemType;
  readonly extra: Extra;

  constructor(type: ProblemType, detail: string, extra: Extra = {}) {
    super(detail);
    this.name = 'AppError';
    this.type = type;
    this.extra = extra;
  }
}

export function notFound(what: string): AppError {
  return new AppError('not-found', `There is no ${what} that you can see here.`);
}

/** Makes every failure leave as `application/problem+json`; what is not the client's is logged and told without its inside. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    send(
      new AppError(
        'not-found',
        `Nothing answers ${request.method} ${request.url.split('?')[0]}. GET /api/docs lists all that does.`,
      ),
      request,
      reply,
    ),
  );
}

/** Answers with a failure, whatever it is. */
export function sendProblem(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return send(explain(error, request), request, reply);
}

/** A failure in the catalogue's terms; what is ours is logged. */
export function explain(error: FastifyError | AppError, request: FastifyRequest): AppError {
  const appError = error instanceof AppError ? error : translate(error);
  if (appError.type === 'internal' || appError.type === 'unavailable')
    request.log.error({ err: error }, 'a request failed');
  return appError;
}

function send(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, title } = problems[error.type];
  const { errors, moreErrors, nextSlotAt, retryAfterS } = error.extra;
  const problem: Problem = {
    type: error.type,
    title,
    status,
    detail: error.message,
    ...(errors && { errors: [...errors] }),
    ...(moreErrors && { moreErrors }),
    ...(nextSlotAt && { nextSlotAt }),
    requestId: request.id,
  };
  if (retryAfterS !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterS)));
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** What Fastify, its plugins and Postgres throw, in the catalogue's terms. */
function translate(error: FastifyError): AppError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      path: `${error.validationContext ?? 'request'}${issue.instancePath.replaceAll('/', '.')}`.replace(/\.$/, ''),
      message: inWords(issue.message ?? 'is not as expected'),
    }));
    return new AppError('validation-failed', errors.map((item) => `${item.path}: ${item.message}`).join('; '), {
      errors,
    });
  }
  if (isUnavailable(error)) {
    return new AppError('unavailable', 'The database is not reachable right now. Try again in a moment.', {
      retryAfterS: 3,
    });
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return new AppError('file-too-large', 'The request is larger than this route takes.');
  if (status === 415) return new AppError('unsupported-media-type', 'Send JSON with Content-Type: application/json.');
  if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new AppError(
      'upload-interrupted',
      'The upload ended before the whole file was there. Send it again; nothing was charged.',
    );
  }
  if (status >= 400 && status < 500) return new AppError('validation-failed', error.message);
  return new AppError(
    'internal',
    'Something broke on our side. It is logged under the request id; trying again may help.',
  );
}

/**
 * Postgres that is down, starting, shutting down, full, or too slow for its time limits: SQLSTATE's classes 08, 53 and 57, 55P03 and 25P03, the
 * sockets' own codes (an upload's broken socket is told before, by who reads it), Prisma's P1…, P2024 and P2028, and what pg says in words only. Of a
 * SQLSTATE that Prisma has no code for, it says P2010 or P2039, and the SQLSTATE in its message.
 */
export function isUnavailable(error: Pick<FastifyError, 'message'> & { readonly code?: string }): boolean {
  const wrapped = /^P20(?:10|39)$/.test(error.code ?? '') ? /Code: `(\w{5})`/.exec(error.message)?.[1] : undefined;
  const code = wrapped ?? error.code ?? '';
  return (
    /^(08...|53...|57...|55P03|25P03|P1\d{3}|P2024|P2028|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE)$/.test(
      code,
    ) ||
    // The server's Unix socket, and no other file.
    (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable|Can't reach database server|Server has closed the connection/.test(
      error.message,
    )
  );
}
