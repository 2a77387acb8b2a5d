import { z } from 'zod';
import { selectSubmission } from '../../core/contract/submissions.ts';
import { execute, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { keepStanding, lockTeamOf } from '../../core/submissions/standing.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { actOn } from './again.ts';
import { requireStillOpen } from './allowance.ts';
import type { SubmissionRow } from './read.ts';
import { findTeam } from './teams.ts';

/**
 * Chooses a submission as one that counts, or takes the choice back. Harmless twice. An act of staff where it is another team's.
 * @throws conflict where it can't be chosen, deadline-passed for a team whose phase has closed
 */
export async function select(
  { db, clock }: Services,
  principal: Principal,
  { row, isStaff }: { row: SubmissionRow; isStaff: boolean },
  selected: boolean,
): Promise<void> {
  const isOwn = !isStaff || (await findTeam(db, row.competitionId, principal.userId)) === row.teamId;
  await transaction(db.pool, async (client) => {
    const teamId = await lockTeamOf(client, { submissionId: row.id, teamId: row.teamId });
    if (!isStaff) await requireStillOpen(client, { ...row, teamId }, clock.now(), 'What counts could be chosen');
    const before = await read(client, row);
    requireCounted(before);
    if (selected && !before.selected) requireSelectable(row, before);
    if (selected === before.selected) return;
    await execute(
      client,
      `update submission set selected_at = case when $2 then now() end, version = version + 1 where id = $1`,
      [row.id, selected],
    );
    await keepStanding(client, row.phaseId, teamId);
    if (isOwn) return;
    const act = actOn(row, selectSubmission.schema.operationId);
    await recordAct(client, principal, { ...act, before: { selected: before.selected }, after: { selected } });
  });
}

const State = z.object({
  counts: z.string(),
  selectMax: z.number().int(),
  selected: z.boolean(),
  scored: z.boolean(),
  disqualified: z.boolean(),
  /** Of its team in the phase. */
  chosen: z.array(z.number().int()),
});
type State = z.infer<typeof State>;

async function read(client: Queryable, { id }: SubmissionRow): Promise<State> {
  return await oneRow(
    client,
    State,
    `select phase.counts::text,
            phase.select_max as "selectMax",
            submission.selected_at is not null as selected,
            submission.scores is not null as scored,
            submission.disqualified_at is not null as disqualified,
            array(
              select other.id
              from submission other
              where other.phase_id = submission.phase_id and other.team_id = submission.team_id and other.selected_at is not null
              order by other.id
            ) as chosen
     from submission
     join phase on phase.id = submission.phase_id
     where submission.id = $1`,
    [id],
  );
}

function requireCounted({ counts }: State): void {
  if (counts === 'selected') return;
  const what = counts === 'last' ? 'the last submission that was scored' : 'the best submission';
  throw new AppError('conflict', `In this phase ${what} of a team counts; there is nothing to select.`);
}

function requireSelectable({ id }: SubmissionRow, { scored, disqualified, chosen, selectMax }: State): void {
  if (disqualified) throw new AppError('conflict', `Submission ${id} was disqualified, so it can’t count.`);
  if (!scored) throw new AppError('conflict', `Submission ${id} has no score. Select one that was scored.`);
  if (chosen.length < selectMax) return;
  const others = chosen.length === 1 ? `submission ${chosen[0]}` : `submissions ${chosen.join(', ')}`;
  throw new AppError(
    'conflict',
    `Your team has already selected ${others}, and no more than ${selectMax} may be. Take one of them back first.`,
  );
}
