import { z } from 'zod';
import { execute, rows, type Queryable } from '../../core/db/sql.ts';
import { keepStanding } from '../../core/submissions/standing.ts';

interface Pair {
  readonly from: number;
  readonly into: number;
}

/** Lets one team become part of another, with its members, all that it sent and its extensions. Both must be locked. */
export async function merge(client: Queryable, { from, into }: Pair): Promise<void> {
  await moveSubmissions(client, { from, into });
  await execute(client, 'update team_member set team_id = $2 where team_id = $1', [from, into]);
  await retire(client, { from, into });
}

/** Takes a team away that nobody is in any more and that has sent nothing. What still points at it, points at another one from then on. */
export async function retire(client: Queryable, { from, into }: Pair): Promise<void> {
  await execute(client, 'update team_member set kept_team_id = $2 where kept_team_id = $1', [from, into]);
  await execute(client, 'update extension set team_id = $2 where team_id = $1', [from, into]);
  await execute(client, 'delete from team_invitation where team_id = $1', [from]);
  // A final standing that was frozen keeps its rows.
  await execute(client, 'delete from team where id = $1 and not exists (select from final_place where team_id = $1)', [
    from,
  ]);
}

const Phase = z.object({ phaseId: z.number().int() });

/**
 * Makes what a team sent another team's: all of it, or what one of its members sent. Where that one would then have selected more than may be, its
 * newest choices stay. Both must be locked.
 */
export async function moveSubmissions(
  client: Queryable,
  { from, into, userId }: Pair & { readonly userId?: number | undefined },
): Promise<void> {
  const moved = '(select id from submission where team_id = $1 and ($3::int is null or user_id = $3))';
  const values = [from, into, userId ?? null];
  await execute(
    client,
    `update submission
     set idempotency_key = null
     where id in ${moved} and idempotency_key in (select idempotency_key from submission where team_id = $2)`,
    values,
  );
  const phases = await rows(
    client,
    Phase,
    `with moved as (
       update submission set team_id = $2, version = version + 1 where id in ${moved} returning phase_id
     )
     select distinct phase_id as "phaseId" from moved`,
    values,
  );
  await execute(
    client,
    `update submission
     set selected_at = null
     from (select submission.id,
                  row_number() over (partition by phase_id order by selected_at desc, submission.id desc) as place,
                  phase.select_max
           from submission
           join phase on phase.id = submission.phase_id
           where submission.team_id = $1 and selected_at is not null) as choice
     where submission.id = choice.id and choice.place > choice.select_max`,
    [into],
  );
  for (const { phaseId } of phases) {
    await keepStanding(client, phaseId, from);
    await keepStanding(client, phaseId, into);
  }
}
