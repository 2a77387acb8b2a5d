import { cancelSubmission, rerunSubmission } from '../../core/contract/submissions.ts';
import { transaction } from '../../core/db/sql.ts';
import { cancel, rerun, type Requeued } from '../../core/submissions/requeue.ts';
import { recordAct, type Act } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import type { Services } from '../services.ts';
import type { SubmissionRow } from './read.ts';
import { findTeam } from './teams.ts';

/** Takes a submission back, or stops it. An act of staff where it is another team's. @returns false where it has ended already */
export async function cancelAs(
  { db }: Services,
  principal: Principal,
  row: SubmissionRow,
  isStaff: boolean,
): Promise<boolean> {
  const isOwn = !isStaff || (await findTeam(db, row.competitionId, principal.userId)) === row.teamId;
  return await transaction(db.pool, async (client) => {
    const cancelled = await cancel(client, row.id, { reruns: isStaff });
    if (cancelled && !isOwn) await recordAct(client, principal, actOn(row, cancelSubmission.schema.operationId));
    return cancelled;
  });
}

/**
 * Queues a submission again.
 * @param as the attempt whose settings and inputs it is run with; those of now where it is not given
 * @returns undefined where it has not finished, or was cancelled
 */
export async function rerunAs(
  { db }: Services,
  principal: Principal,
  row: SubmissionRow,
  as: number | undefined,
): Promise<Requeued | undefined> {
  return await transaction(db.pool, async (client) => {
    const requeued = await rerun(client, row.id, as);
    if (requeued) {
      const act = actOn(row, rerunSubmission.schema.operationId);
      await recordAct(client, principal, as === undefined ? act : { ...act, after: { as } });
    }
    return requeued;
  });
}

export function actOn(row: SubmissionRow, action: string): Act {
  return {
    courseId: row.courseId,
    action,
    subject: `competition ${row.competition}, phase ${row.phase}, submission ${row.id} of ${row.team}`,
    before: { state: row.state, attempt: row.attempt },
  };
}
