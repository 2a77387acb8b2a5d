import { open } from 'node:fs/promises';
import { z } from 'zod';
import {
  AttachmentFields,
  deleteAttachment,
  putAttachment,
  type AttachmentField,
} from '../../core/contract/attachments.ts';
import type { Submission } from '../../core/contract/submissions.ts';
import { execute, maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { attachmentProblem, maxTextBytes } from '../../core/submissions/attachment.ts';
import { lockTeamOf } from '../../core/submissions/standing.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { AppError, notFound } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { actOn } from './again.ts';
import { requireStillOpen } from './allowance.ts';
import type { SubmissionRow } from './read.ts';
import { findTeam } from './teams.ts';

/** In a form, what is handed in for a field: attachment-report. */
export const attachmentPrefix = 'attachment-';

/** A file that was received for a field, and lies at `path`. */
export interface ReceivedAttachment extends ReceivedFile {
  readonly field: string;
  readonly path: string;
}

export function attachmentFieldsOf({ attachments }: Pick<FullPhase, 'attachments'>): AttachmentField[] {
  return AttachmentFields.parse(attachments);
}

/**
 * What is handed in, under the name that it is kept by.
 * @throws validation-failed where its field does not take it, or is none
 */
export async function requireAttachable(
  fields: readonly AttachmentField[],
  received: ReceivedAttachment,
): Promise<ReceivedAttachment> {
  const field = fields.find(({ id }) => id === received.field);
  if (field === undefined) {
    const known = fields.map(({ id, title }) => `${id} (${title})`).join(', ');
    throw new AppError(
      'validation-failed',
      known === ''
        ? 'This phase takes nothing beside a submission.'
        : `There is no field "${received.field}" for attachments; there are ${known}.`,
    );
  }
  const { bytes } = received.blob;
  const start = field.kind === 'text' && bytes <= maxTextBytes ? await readAll(received.path) : new Uint8Array();
  const problem = attachmentProblem(field, { name: received.name, bytes, start });
  if (problem !== undefined) throw new AppError('validation-failed', problem);
  return field.kind === 'text' ? { ...received, name: `${field.id}.txt` } : received;
}

interface Change {
  readonly row: SubmissionRow;
  readonly isStaff: boolean;
  readonly field: string;
}

/** Keeps what was handed in. An act of staff where it is another team's. @throws deadline-passed for a team whose phase has closed */
export async function attach(
  services: Services,
  principal: Principal,
  { row, isStaff, field }: Change,
  received: ReceivedAttachment,
  keepFile: () => Promise<void>,
): Promise<void> {
  await changing(services, principal, { row, isStaff, field }, putAttachment.schema.operationId, async (client) => {
    await keepFile();
    await insertAttachment(client, row.id, received);
    return { field, name: received.name, bytes: received.blob.bytes, sha256: received.blob.hash };
  });
}

/** Takes it back; the file stays where files stay. @throws as `attach`, and not-found where there is nothing */
export async function detach(services: Services, principal: Principal, change: Change): Promise<void> {
  await changing(services, principal, change, deleteAttachment.schema.operationId, async (client) => {
    const gone = await execute(client, 'delete from submission_attachment where submission_id = $1 and field = $2', [
      change.row.id,
      change.field,
    ]);
    if (gone === 0) throw notFound(`attachment "${change.field}" of submission ${change.row.id}`);
    return { field: change.field, taken: 'back' };
  });
}

async function changing(
  { db, clock }: Services,
  principal: Principal,
  { row, isStaff }: Change,
  action: string,
  change: (client: Queryable) => Promise<unknown>,
): Promise<void> {
  const isOwn = !isStaff || (await findTeam(db, row.competitionId, principal.userId)) === row.teamId;
  await transaction(db.pool, async (client) => {
    const teamId = await lockTeamOf(client, { submissionId: row.id, teamId: row.teamId });
    if (!isStaff) await requireStillOpen(client, { ...row, teamId }, clock.now(), 'Something could be handed in');
    const after = await change(client);
    await execute(client, 'update submission set version = version + 1 where id = $1', [row.id]);
    if (!isOwn) await recordAct(client, principal, { ...actOn(row, action), after });
  });
}

export async function insertAttachment(
  client: Queryable,
  submissionId: number,
  { field, name, blob }: ReceivedAttachment,
): Promise<void> {
  await execute(
    client,
    `insert into submission_attachment (submission_id, field, name, hash, bytes) values ($1, $2, $3, $4, $5)
     on conflict (submission_id, field) do update
     set name = excluded.name, hash = excluded.hash, bytes = excluded.bytes, added_at = now()`,
    [submissionId, field, name, blob.hash, blob.bytes],
  );
}

const Stored = z.object({ name: z.string(), hash: z.string(), bytes: z.number().int(), modifiedAt: z.date() });

/** @throws not-found */
export async function readAttachment(db: Queryable, id: number, field: string): Promise<z.infer<typeof Stored>> {
  const stored = await maybeRow(
    db,
    Stored,
    `select name, hash, bytes, added_at as "modifiedAt" from submission_attachment where submission_id = $1 and field = $2`,
    [id, field],
  );
  if (stored === undefined) throw notFound(`attachment "${field}" of submission ${id}`);
  return stored;
}

/** The titles of the fields that are required and not there. */
export function missingAttachments(fields: readonly AttachmentField[], there: Submission['attachments']): string[] {
  return fields.flatMap(({ id, title, required }) =>
    required && !there.some(({ field }) => field === id) ? [title] : [],
  );
}

async function readAll(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
