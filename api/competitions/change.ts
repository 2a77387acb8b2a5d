import { isCustomOnly } from '../../core/contract/scores.ts';
import { rerunAll } from '../../core/submissions/requeue.ts';
import type { Actor } from '../audit/record.ts';
import { accessChanged } from '../access-changed.ts';
import type { Services } from '../services.ts';
import { keyReading, requireCompiles } from './answer-key.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { moveWaiting, pinImages } from './images.ts';
import { updateCompetition, type CompetitionEdit } from './edit.ts';

/**
 * Changes a competition. Where scores depend on what was changed, everything is scored again, so that no board mixes two ways of counting for
 * longer than that takes.
 */
export async function changeCompetition(
  services: Services,
  by: Actor,
  target: { competition: FullCompetition; phase: FullPhase },
  edit: CompetitionEdit,
): Promise<void> {
  const { competition } = target;
  await requireKeysFit(services, competition, edit);
  await updateCompetition(services.db.prisma, by, target, edit, services.config.maxUploadBytes);
  if (edit.accepts || edit.runSettings) {
    await pinImages(
      services.db.pool,
      competition.id,
      edit.runSettings?.image === undefined ? undefined : target.phase.id,
    );
    await moveWaiting(services, target.phase.id);
  }
  accessChanged(services);
  if (edit.counts) services.changes.send({ kind: 'board', phaseId: target.phase.id });
  if (edit.metrics === undefined && edit.primaryMetric === undefined && edit.classes === undefined) return;
  for (const phase of competition.phases) {
    const requeued = await rerunAll(services.db.pool, phase.id, false);
    if (requeued.length > 0) await services.doorbell.ring(requeued);
  }
}

/** A custom metric alone takes any answer key, and the built-in ones labels of these classes. */
async function requireKeysFit(services: Services, competition: FullCompetition, edit: CompetitionEdit): Promise<void> {
  const { metrics = competition.metrics, classes = competition.classes } = edit;
  const reading = keyReading({ files: competition.files, classes }, metrics);
  const subject = edit.classes ? 'These classes do not fit the answer key' : 'These metrics do not fit the answer key';
  if (edit.classes === undefined && isCustomOnly(metrics) === isCustomOnly(competition.metrics)) return;
  for (const { answerKey } of competition.phases) {
    if (answerKey) await requireCompiles(services, { keyHash: answerKey.hash, ...reading }, subject);
  }
}
