import { settleSubmission } from '../../core/contract/staff-queue.ts';
import { execute, transaction } from '../../core/db/sql.ts';
import { lockTeam } from '../../core/submissions/standing.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { actOn } from '../submissions/again.ts';
import type { SubmissionRow } from '../submissions/read.ts';

/**
 * Says that staff have seen to what broke or was noticed, or takes that back; of what was noticed, for all that the team sent until then.
 * @throws conflict where nothing is the matter with it
 */
export async function settle(
  { db }: Services,
  principal: Principal,
  row: SubmissionRow,
  settled: boolean,
): Promise<void> {
  if (row.fault === null && row.alert === null && row.state !== 'failed')
    throw new AppError('conflict', `Nothing is the matter with submission ${row.id}: there is nothing to settle.`);
  await transaction(db.pool, async (client) => {
    await lockTeam(client, row.teamId);
    await execute(
      client,
      `update submission
       set settled_attempt = case when $4 then attempt end, version = version + 1
       where id = $1
          or ($5 and phase_id = $2 and team_id = $3 and id < $1 and alert is not null)`,
      [row.id, row.phaseId, row.teamId, settled, row.alert !== null],
    );
    const act = actOn(row, settleSubmission.schema.operationId);
    await recordAct(client, principal, { ...act, before: { settled: row.settled }, after: { settled } });
  });
}
