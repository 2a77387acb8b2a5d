import { createBaseline, type Submission } from '../../core/contract/submissions.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import type { Access } from '../competitions/access.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { choosePart } from '../competitions/parts.ts';
import { AppError } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { submissionView } from './read.ts';
import { kindOfSent } from './sent.ts';
import { requireScorable, submit } from './submit.ts';
import { ensureBaseline } from './teams.ts';

interface Baseline {
  readonly principal: Principal;
  readonly file: ReceivedFile;
  readonly receivedAt: Date;
  readonly name: string;
  readonly part: string | undefined;
}

/** Submits a baseline's predictions or code; a second file under the same name is another try of the same line. */
export async function submitBaseline(
  services: Services,
  { competition, phase }: Access & { phase: FullPhase },
  { principal, file, receivedAt, name, part }: Baseline,
): Promise<Submission> {
  requireScorable(phase);
  const kind = await kindOfSent(phase, { ...file, path: services.blobs.path(file.blob.hash) });
  const teamId = await ensureBaseline(services.db, competition.id, name);
  if (teamId === undefined)
    throw new AppError('conflict', `"${name}" is the name of a team. Choose another name for the baseline.`);
  const { row } = await submit(services, {
    phaseId: phase.id,
    teamId,
    userId: principal.userId,
    kind,
    file,
    claimed: undefined,
    keepFile: async () => await Promise.resolve(),
    part: choosePart(phase, part, false),
    note: '',
    receivedAt,
    idempotencyKey: undefined,
    gated: false,
    also: async (client, submissionId) =>
      await recordAct(client, principal, {
        courseId: competition.courseId,
        action: createBaseline.schema.operationId,
        subject: `competition ${competition.slug}, phase ${phase.slug}, baseline ${name}`,
        after: { submission: submissionId, file: file.name, bytes: file.blob.bytes, sha256: file.blob.hash },
      }),
  });
  return submissionView(row, true);
}
