import type { FastifyRequest } from 'fastify';
import { originOf } from '../http/origin.ts';
import type { Services } from '../services.ts';

/**
 * The path of a request as our routes know it. Through a proxy the client asks in absolute form (RFC 9112, 3.2.2), `POST http://localhost/api/v1/…`, and some
 * versions leave `/api` out before a remote call.
 */
export function pathOf(url: string | undefined): string {
  if (url?.startsWith('/') && !url.startsWith('/v1/')) return url;
  const path = (url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return /^\/v1\/[\w.]+Service\/\w+$/.test(rooted) ? `/api${rooted}` : rooted;
}

/**
 * Where the client reaches this server with a file. The bridge to a remote one listens on this machine and speaks plain http there, whatever comes after it;
 * what the operator calls the server does not matter, since a file goes where its request went.
 */
export function uploadOrigin(request: FastifyRequest, config: Services['config']): string {
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.host);
  return isLocal ? `http://${request.host}` : originOf(request, { ...config, mail: undefined });
}
