import type { FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';

/**
 * This server's own address, where its operator has set none: as the caller reached it. What the caller gets to see may lead where the caller came
 * from; a mail to somebody else never does.
 */
export function originOf(request: FastifyRequest, { mail, secureCookies }: Services['config']): string {
  // Behind a proxy whose word is not trusted each request looks unencrypted.
  const protocol = secureCookies ? 'https' : request.protocol;
  return mail?.publicUrl.replace(/\/$/, '') ?? `${protocol}://${request.host}`;
}
