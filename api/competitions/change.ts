import { rerunAll } from '../../core/submissions/requeue.ts';
import { accessChanged } from '../access-changed.ts';
import type { Services } from '../services.ts';
import { requireCompiles, sampleHashOf } from './answer-key.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { updateCompetition, type CompetitionEdit } from './edit.ts';

/**
 * Changes a competition. Where scores depend on what was changed, everything is scored again, so that no board mixes two ways of counting for
 * longer than that takes.
 */
export async function changeCompetition(
  services: Services,
  target: { competition: FullCompetition; phase: FullPhase },
  edit: CompetitionEdit,
): Promise<void> {
  const { competition } = target;
  if (edit.classes) await requireClassesFit(services, competition, edit.classes);
  await updateCompetition(services.db.prisma, target, edit, services.config.maxUploadBytes);
  accessChanged(services);
  if (edit.metrics === undefined && edit.primaryMetric === undefined && edit.classes === undefined) return;
  for (const phase of competition.phases) {
    const requeued = await rerunAll(services.db.pool, phase.id, false);
    if (requeued.length > 0) await services.doorbell.ring(requeued);
  }
}

async function requireClassesFit(
  services: Services,
  competition: FullCompetition,
  classes: readonly string[],
): Promise<void> {
  for (const { answerKey } of competition.phases) {
    if (!answerKey) continue;
    const compilation = { keyHash: answerKey.hash, sampleHash: sampleHashOf(competition), classes };
    await requireCompiles(services, compilation, 'These classes do not fit the answer key');
  }
}
