import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { maybeRow } from '../../core/db/sql.ts';
import type { Principal } from '../auth/principals.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';

/** What a link leads to. */
export interface Target {
  readonly kind: 'file' | 'zip';
  readonly slug: string;
  readonly name: string;
}

/** The client goes on with an interrupted download at the same address. */
const lifeS = 3600;

/**
 * The path of a link that works without credentials, for an hour or until its API token is revoked. It is signed with what is stored of that token, so it is good in
 * every process, and who holds the token could make it themselves: it opens nothing that the token does not.
 * @throws AppError forbidden without an API token
 */
export async function signLink({ db, clock }: Services, hash: Buffer, target: Target): Promise<string> {
  const token = await maybeRow(
    db.pool,
    z.object({ id: z.number().int() }),
    'select id from api_token where token_hash = $1',
    [hash],
  );
  if (!token) throw new AppError('forbidden', 'Downloads need an API token. Make one on the Tokens page.');
  const untilS = Math.floor(clock.now().getTime() / 1000) + lifeS;
  const { kind, slug, name } = target;
  return `/api/v1/kaggle/${slug}/${kind}/${token.id}.${untilS}.${signature(hash, target, untilS)}/${name}`;
}

/**
 * Who a link was made for. What they may see is asked anew.
 * @throws AppError not-found for a link that is not ours, or is over
 */
export async function openLink(
  { db, clock, principals }: Services,
  signed: string,
  target: Target,
): Promise<Principal> {
  const [, id, until, given = ''] = /^(\d{1,9})\.(\d{1,12})\.([\w-]{43})$/.exec(signed) ?? [];
  const untilS = Number(until);
  const Row = z.object({ hash: z.instanceof(Buffer) });
  const token =
    id === undefined
      ? undefined
      : await maybeRow(db.pool, Row, 'select token_hash as hash from api_token where id = $1', [Number(id)]);
  const isOurs = token && timingSafeEqual(Buffer.from(signature(token.hash, target, untilS)), Buffer.from(given));
  const principal =
    isOurs && clock.now().getTime() / 1000 <= untilS ? await principals.findByHash(token.hash) : undefined;
  if (!principal)
    throw new AppError('not-found', 'This download link is not valid (any more). Start the download again.');
  return principal;
}

function signature(hash: Buffer, { kind, slug, name }: Target, untilS: number): string {
  return createHmac('sha256', hash).update(`download\n${kind}\n${slug}\n${name}\n${untilS}`).digest('base64url');
}
