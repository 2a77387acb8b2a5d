import type { Submission } from '../../core/contract/submissions.ts';
import type { Principal } from '../auth/principals.ts';
import type { Access } from '../competitions/access.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { submissionView } from './read.ts';
import { requireScorable, submit } from './submit.ts';
import { ensureBaseline } from './teams.ts';

interface Baseline {
  readonly principal: Principal;
  readonly file: ReceivedFile;
  readonly receivedAt: Date;
  readonly name: string;
}

/** Submits a baseline's predictions; a second file under the same name is another try of the same line. */
export async function submitBaseline(
  services: Services,
  { competition, phase }: Access & { phase: FullPhase },
  { principal, file, receivedAt, name }: Baseline,
): Promise<Submission> {
  requireScorable(phase);
  const teamId = await ensureBaseline(services.db, competition.id, name);
  if (teamId === undefined)
    throw new AppError('conflict', `"${name}" is the name of a team. Choose another name for the baseline.`);
  const { row } = await submit(services, {
    phaseId: phase.id,
    teamId,
    userId: principal.userId,
    file,
    keepFile: async () => await Promise.resolve(),
    note: '',
    receivedAt,
    idempotencyKey: undefined,
    gated: false,
  });
  return submissionView(row, true);
}
