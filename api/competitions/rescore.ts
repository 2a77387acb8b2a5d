import { rescore } from '../../core/contract/competitions.ts';
import { transaction } from '../../core/db/sql.ts';
import { rerunAll } from '../../core/submissions/requeue.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import type { Services } from '../services.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

/** Queues all of a phase again. @returns how many submissions that is */
export async function rescoreAll(
  services: Services,
  by: Actor,
  competition: FullCompetition,
  phase: FullPhase,
): Promise<number> {
  const requeued = await transaction(services.db.pool, async (client) => {
    const all = await rerunAll(client, phase.id, false);
    await recordAct(client, by, {
      courseId: competition.courseId,
      action: rescore.schema.operationId,
      subject: `competition ${competition.slug}, phase ${phase.slug}`,
      after: { rescoring: all.length },
    });
    return all;
  });
  await services.doorbell.ring(requeued);
  return requeued.length;
}
