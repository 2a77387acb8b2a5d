import { z } from 'zod';
import type { kaggleIntrospectToken } from '../../core/contract/kaggle.ts';
import { maybeRow } from '../../core/db/sql.ts';
import { tokenHash } from '../auth/secrets.ts';
import type { Services } from '../services.ts';

/** What the client is told of a token that never expires. */
const yearS = 365 * 86_400;

/** Who holds an API token; a session’s secret is none. */
export async function introspect(
  { db, principals, clock }: Services,
  secret: string,
): Promise<z.input<(typeof kaggleIntrospectToken.schema.response)[200]>> {
  const principal = await principals.find(secret);
  const Row = z.object({ expiresAt: z.date().nullable() });
  const query = 'select expires_at as "expiresAt" from api_token where token_hash = $1';
  const token = principal && (await maybeRow(db.pool, Row, query, [tokenHash(secret)]));
  if (!token) return { active: false };
  const expiresMs = token.expiresAt?.getTime() ?? clock.now().getTime() + yearS * 1000;
  return {
    active: true,
    username: principal.email,
    userId: principal.userId,
    scope: 'resources.admin:*',
    exp: Math.floor(expiresMs / 1000),
  };
}
