import type { FastifyInstance, FastifyRequest } from 'fastify';
import { signOut, type Role } from '../../core/contract/people.ts';
import { endViewing } from '../../core/contract/viewing.ts';
import { AppError } from '../errors.ts';
import type { Principal, Principals } from './principals.ts';

export const sessionCookie = 'topk_session';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every guarded route. */
    principal: Principal | undefined;
  }
}

/** Lets nobody into this scope's routes without a valid session or API token. */
export function guard(app: FastifyInstance, principals: Principals): void {
  app.decorateRequest('principal', undefined);
  app.addHook('onRequest', async (request) => {
    const principal = await identify(request, principals);
    refuseChanges(request, principal);
    request.principal = principal;
  });
}

/** The sender of a guarded request. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error('this route is not guarded');
  return request.principal;
}

/** The secret of the session that a guarded request was sent in; undefined: it was sent with an API token. */
export function sessionOf(request: FastifyRequest): string | undefined {
  return bearerOf(request) === undefined ? request.cookies[sessionCookie] : undefined;
}

/** Who looks as a student changes nothing, by any route that there will ever be; stopping to look is all that can be done. */
function refuseChanges(request: FastifyRequest, principal: Principal): void {
  const call = `${request.method} ${request.routeOptions.url}`;
  if (!principal.viewer || request.method === 'GET' || request.method === 'HEAD' || whileViewing.has(call)) return;
  throw onlyViewing(`You are looking at the course as ${principal.name}, and nothing can be changed meanwhile.`);
}

const whileViewing: ReadonlySet<string> = new Set([endViewing, signOut].map(({ method, url }) => `${method} ${url}`));

/** Keeps what is a person's own and none of a course's, such as API tokens, from staff who look as they do. */
export function requireOneself({ viewer, name }: Principal): void {
  if (viewer) throw onlyViewing(`This is ${name}’s own: staff who look as they do don’t see it.`);
}

function onlyViewing(what: string): AppError {
  return new AppError('only-viewing', `${what} Stop looking as a student first.`);
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

async function identify(request: FastifyRequest, principals: Principals): Promise<Principal> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) {
    const principal = await principals.find(bearer);
    if (principal === undefined)
      throw new AppError(
        'unauthenticated',
        'The API token is not valid (any more). Make a new one on the Tokens page.',
      );
    return principal;
  }
  const cookie = request.cookies[sessionCookie];
  const principal = cookie === undefined ? undefined : await principals.find(cookie);
  if (principal === undefined) {
    throw new AppError('unauthenticated', 'Sign in, or send an API token as Authorization: Bearer <token>.');
  }
  refuseCrossSite(request);
  return principal;
}

/**
 * A browser sends the cookie along with whatever another site makes it send. The cookie is SameSite=Lax, which keeps it out of most of those
 * requests; this keeps the rest from changing anything. A client that is no browser sends neither header, and holds no one else's cookie.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const foreign =
    site === undefined
      ? origin !== undefined && !sameHost(origin, request.host)
      : site !== 'same-origin' && site !== 'none';
  if (foreign)
    throw new AppError(
      'cross-site',
      'This request was made by a page of another site. Open Topk itself and try there.',
    );
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

const rank: Record<Role, number> = { student: 0, ta: 1, instructor: 2 };

/** A person's role in a course; a site admin is an instructor everywhere. Undefined: not in it. */
export function roleIn(principal: Principal, courseId: number): Role | undefined {
  if (principal.isAdmin) return 'instructor';
  return principal.roles.find((entry) => entry.courseId === courseId)?.role;
}

export function atLeast(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed];
}

export function requireRole(role: Role, needed: Role): void {
  if (!atLeast(role, needed)) {
    const who = needed === 'ta' ? 'TAs and instructors' : `${needed}s`;
    const own = role === 'ta' ? 'TA' : role;
    throw new AppError('forbidden', `Only the course’s ${who} may do this, and your role in it is ${own}.`);
  }
}
