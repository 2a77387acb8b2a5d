import { z } from 'zod';
import type { Blob, Parked } from '../../core/blobs/store.ts';
import { execute, maybeRow, rows } from '../../core/db/sql.ts';
import { newToken, tokenHash } from '../auth/secrets.ts';
import type { Services } from '../services.ts';

/** A file that was announced, and whether it is here. */
const Pending = z.object({
  id: z.number().int(),
  tokenHash: z.instanceof(Buffer),
  userId: z.number().int(),
  competitionSlug: z.string(),
  phaseSlug: z.string(),
  fileName: z.string(),
  maxBytes: z.number().int(),
  startedAt: z.date(),
  hash: z.string().nullable(),
  bytes: z.number().int().nullable(),
});
export type Pending = z.infer<typeof Pending>;

/** What a person may have lying here; the oldest goes for the next. */
const maxPerPerson = 4;
/** How long a file waits to be submitted. */
const life = `interval '1 hour'`;

const columns = `id, token_hash as "tokenHash", user_id as "userId", competition_slug as "competitionSlug", phase_slug as "phaseSlug",
  file_name as "fileName", max_bytes as "maxBytes", started_at as "startedAt", hash, bytes`;

/** @returns the secret that the file is put and submitted with */
export async function announce(
  services: Services,
  {
    userId,
    competitionSlug,
    phaseSlug,
    fileName,
    maxBytes,
    startedAt,
  }: Omit<Pending, 'id' | 'tokenHash' | 'hash' | 'bytes'>,
): Promise<string> {
  const secret = newToken();
  const { pool } = services.db;
  await execute(
    pool,
    `insert into pending_upload (token_hash, user_id, competition_slug, phase_slug, file_name, max_bytes, started_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tokenHash(secret), userId, competitionSlug, phaseSlug, fileName, maxBytes, startedAt],
  );
  await clearOut(services, userId);
  return secret;
}

export async function findPending({ db }: Services, secret: string): Promise<Pending | undefined> {
  return await maybeRow(
    db.pool,
    Pending,
    `select ${columns} from pending_upload where token_hash = $1 and started_at > now() - ${life}`,
    [tokenHash(secret)],
  );
}

/** Notes which file is here now, and removes another that was here before it. False: it is no longer waited for. */
export async function arrived(
  services: Services,
  pending: Pick<Pending, 'id' | 'tokenHash'>,
  { hash, bytes }: Blob,
): Promise<boolean> {
  const before = await maybeRow(
    services.db.pool,
    z.object({ hash: z.string().nullable() }),
    `update pending_upload set hash = $2, bytes = $3
     from (select id, hash from pending_upload where id = $1 for update) as before
     where pending_upload.id = before.id
     returning before.hash`,
    [pending.id, hash, bytes],
  );
  const left = before === undefined ? hash : before.hash;
  if (left !== null && (before === undefined || left !== hash)) await fileOf(services, pending, left).discard();
  return before !== undefined;
}

/** Where its file lies until it is submitted. */
export function fileOf({ blobs }: Services, pending: Pick<Pending, 'tokenHash'>, hash: string): Parked {
  return blobs.parked(nameOf(pending), hash);
}

export function nameOf(pending: Pick<Pending, 'tokenHash'>): string {
  return pending.tokenHash.toString('hex');
}

async function clearOut(services: Services, userId: number): Promise<void> {
  const gone = await rows(
    services.db.pool,
    Pending,
    `delete from pending_upload
     where id in (select id from pending_upload where user_id = $1 order by id desc offset $2)
        or id in (select id from pending_upload where started_at < now() - ${life} limit 100)
     returning ${columns}`,
    [userId, maxPerPerson],
  );
  for (const pending of gone) if (pending.hash !== null) await fileOf(services, pending, pending.hash).discard();
}
