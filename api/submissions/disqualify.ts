import { z } from 'zod';
import { disqualifySubmission, restoreSubmission } from '../../core/contract/disqualify.ts';
import { maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { keepStanding, lockTeamOf } from '../../core/submissions/standing.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { actOn } from './again.ts';
import type { SubmissionRow } from './read.ts';

/** Lets a submission count on no board, whatever becomes of it; of one that is disqualified already, the reason is changed. */
export async function disqualify(
  { db }: Services,
  principal: Principal,
  row: SubmissionRow,
  reason: string,
): Promise<void> {
  await transaction(db.pool, async (client) => {
    const teamId = await lockTeamOf(client, { submissionId: row.id, teamId: row.teamId });
    const before = await setReason(client, row.id, reason);
    await keepStanding(client, row.phaseId, teamId);
    const act = actOn(row, disqualifySubmission.schema.operationId);
    await recordAct(client, principal, { ...act, before, after: { disqualified: reason } });
  });
}

/** @throws conflict where it is not disqualified */
export async function restore({ db }: Services, principal: Principal, row: SubmissionRow): Promise<void> {
  await transaction(db.pool, async (client) => {
    const teamId = await lockTeamOf(client, { submissionId: row.id, teamId: row.teamId });
    const before = await setReason(client, row.id, null);
    if (before.disqualified === null)
      throw new AppError('conflict', `Submission ${row.id} is not disqualified; there is nothing to restore.`);
    await keepStanding(client, row.phaseId, teamId);
    const act = actOn(row, restoreSubmission.schema.operationId);
    await recordAct(client, principal, { ...act, before, after: { disqualified: null } });
  });
}

const Before = z.object({ disqualified: z.string().nullable() });

/** @returns what it was before; the team must be locked */
async function setReason(client: Queryable, id: number, reason: string | null): Promise<z.infer<typeof Before>> {
  const before = await maybeRow(
    client,
    Before,
    `with before as (
       select disqualified_at as at, disqualified_reason as disqualified from submission where id = $1
     )
     update submission
     set disqualified_at = case when $2::text is not null then coalesce(before.at, now()) end,
         disqualified_reason = $2,
         version = version + 1
     from before
     where id = $1
     returning before.disqualified`,
    [id, reason],
  );
  if (before === undefined) throw new Error(`submission ${id} is gone`);
  return before;
}
