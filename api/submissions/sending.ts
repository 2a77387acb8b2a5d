import type { Blob } from '../../core/blobs/store.ts';
import type { SubmissionKind } from '../../core/contract/runs.ts';
import type { Principal } from '../auth/principals.ts';
import { accessPhase, type Access } from '../competitions/access.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { choosePart } from '../competitions/parts.ts';
import { acceptsCode } from '../competitions/run-settings.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { refusal, usageOf, type Usage } from './allowance.ts';
import { insertAttachment, type ReceivedAttachment } from './attachments.ts';
import type { SubmissionRow } from './read.ts';
import { requireScorable, submit } from './submit.ts';
import { ensureTeam } from './teams.ts';

const maxNoteLength = 1000;

/** Somebody who may submit to a phase, and the team that they do so with. */
export interface Sending extends Access {
  readonly phase: FullPhase;
  readonly userId: number;
  readonly teamId: number;
}

/** @throws AppError where they may not, or nothing can be scored yet */
export async function openSending(
  services: Services,
  principal: Principal,
  target: { slug: string; phase: string | undefined },
): Promise<Sending> {
  const granted = await accessPhase(services, principal, target, 'student');
  const { competition, phase, isStaff } = granted;
  // Staff try code out before there is a key.
  if (!(isStaff && acceptsCode(phase.accepts))) requireScorable(phase);
  const { userId } = principal;
  const teamId = await ensureTeam(services.db, competition.id, userId, isStaff ? 'staff' : 'students');
  return { ...granted, userId, teamId };
}

/**
 * Refuses before a file is sent what would be refused then.
 * @throws AppError not-open-yet, deadline-passed or limit-reached
 */
export async function requireAdmissible({ db }: Services, sending: Sending, receivedAt: Date): Promise<void> {
  if (sending.isStaff) return;
  const refused = refusal(await usageOf(db.pool, sending.phase.id, sending.teamId, receivedAt), receivedAt);
  if (refused) throw refused;
}

/** A file that is here, and what was said of it. */
interface Sent {
  readonly kind: SubmissionKind;
  readonly file: ReceivedFile;
  readonly claimed: Blob | undefined;
  readonly attachments: readonly ReceivedAttachment[];
  readonly keep: () => Promise<void>;
  readonly part: string | undefined;
  readonly note: string;
  readonly receivedAt: Date;
  readonly idempotencyKey: string | undefined;
}

/** @throws AppError for what keeps it from being taken */
export async function take(
  services: Services,
  { phase, userId, teamId, isStaff }: Sending,
  { kind, file, claimed, attachments, keep, part, note, receivedAt, idempotencyKey }: Sent,
): Promise<{ row: SubmissionRow; usage: Usage }> {
  if (kind === 'predictions' || claimed !== undefined) requireScorable(phase);
  return await submit(services, {
    phaseId: phase.id,
    teamId,
    userId,
    kind,
    file,
    claimed,
    keepFile: keep,
    also: async (client, submissionId) => {
      for (const each of attachments) await insertAttachment(client, submissionId, each);
    },
    part: choosePart(phase, part, !isStaff),
    note: note.slice(0, maxNoteLength),
    receivedAt,
    idempotencyKey,
    gated: !isStaff,
  });
}
