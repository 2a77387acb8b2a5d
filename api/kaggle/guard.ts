import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal, Principals } from '../auth/principals.ts';
import { tokenHash } from '../auth/secrets.ts';
import { AppError } from '../errors.ts';

interface Credentials {
  /** Undefined with a bearer token. */
  readonly user: string | undefined;
  readonly secret: string;
}

/** Lets nobody in without an API token, sent as the legacy key (Basic) or as a bearer token. No cookie is read here. */
export function guardKaggle(app: FastifyInstance, principals: Principals): void {
  app.decorateRequest('principal', undefined);
  app.addHook('onRequest', async (request) => {
    const credentials = credentialsOf(request);
    const principal = credentials && (await principals.find(credentials.secret));
    if (!principal || !fits(credentials, principal))
      throw new AppError(
        'unauthenticated',
        'The key or token is not valid (any more). Make a new one on the Tokens page.',
      );
    if (principal.viewer)
      throw new AppError('only-viewing', 'You are looking at a course as a student. Use an API token of your own.');
    request.principal = principal;
  });
}

/** What is stored of the API token that a guarded request was sent with. */
export function tokenHashOf(request: FastifyRequest): Buffer {
  const credentials = credentialsOf(request);
  if (!credentials) throw new Error('this route is not guarded');
  return tokenHash(credentials.secret);
}

function credentialsOf({ headers }: FastifyRequest): Credentials | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return { user: undefined, secret: value };
  const [, user, secret] = /^([^:]*):(.+)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
  return user === undefined || secret === undefined ? undefined : { user, secret };
}

/** The user of a key is its owner's address, or what comes before the @ in it. */
function fits({ user }: Credentials, { email }: Principal): boolean {
  const name = user?.trim().toLowerCase();
  return name === undefined || name === email || name === email.split('@')[0];
}
