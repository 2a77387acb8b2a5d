import type { FastifyRequest } from 'fastify';

/**
 * The path of a request as our routes know it. Through a proxy the client asks in absolute form (RFC 9112, 3.2.2), `POST http://localhost/api/v1/…`, and some
 * versions leave `/api` out before a remote call.
 */
export function pathOf(url: string | undefined): string {
  const path = (url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return /^\/v1\/[\w.]+Service\/\w+$/.test(rooted) ? `/api${rooted}` : rooted;
}

/** How the client reaches this server. The bridge to a remote one listens on this machine and speaks plain http there, whatever comes after it. */
export function originOf(request: FastifyRequest): string {
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.host);
  return `${isLocal ? 'http' : request.protocol}://${request.host}`;
}
