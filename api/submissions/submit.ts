import type { FullPhase } from '../competitions/cache.ts';
import { AppError, notFound } from '../errors.ts';
import type { Services } from '../services.ts';
import { admit, type Arrival } from './admit.ts';
import type { Usage } from './allowance.ts';
import { readSubmissions, type SubmissionRow } from './read.ts';

/** Takes a submission into Postgres, then rings for it. Once this answers, it can't be lost: a ring that fails is rung again. */
export async function submit(services: Services, arrival: Arrival): Promise<{ row: SubmissionRow; usage: Usage }> {
  const admission = await services.turns(arrival.teamId, async () => await admit(services.db.pool, arrival));
  const row = await requireSubmission(services, admission.submissionId);
  if (!admission.repeated) {
    await services.doorbell.ring([admission]);
    services.metrics.received(services.clock.now().getTime() - arrival.receivedAt.getTime());
  }
  return { row, usage: admission.usage };
}

/** @throws AppError not-found */
export async function requireSubmission(services: Services, id: number): Promise<SubmissionRow> {
  const [row] = await readSubmissions(services, { id, limit: 1 });
  if (row === undefined) throw notFound(`submission ${id}`);
  return row;
}

/** The answer key that a phase is scored with. */
export function requireScorable({ title, answerKey }: FullPhase): NonNullable<FullPhase['answerKey']> {
  if (answerKey !== null) return answerKey;
  throw new AppError('conflict', `"${title}" has no answer key yet, so nothing can be scored. Upload it first.`);
}
