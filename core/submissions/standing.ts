import { execute, type Queryable } from '../db/sql.ts';

/**
 * Serialises what changes a team: its limits are counted and its standing is kept under this lock, so neither sees half of the other.
 * To be held until the transaction ends.
 */
export async function lockTeam(client: Queryable, teamId: number): Promise<void> {
  await execute(client, 'select 1 from team where id = $1 for update', [teamId]);
}

/**
 * Brings a team's kept best per board in line with its submissions. Derived anew each time rather than compared with what was kept, so a rerun
 * that lowers a score is right as well. The team must be locked.
 */
export async function keepStanding(client: Queryable, phaseId: number, teamId: number): Promise<void> {
  await execute(
    client,
    // The tie-break is the contract's: the earlier submission; ids settle what arrived in the same millisecond.
    `with best as (
       (select 'public'::board as board, id, public_value as value, received_at
        from submission
        where phase_id = $1 and team_id = $2 and public_value is not null
        order by public_value desc, received_at, id
        limit 1)
       union all
       (select 'private'::board, id, private_value, received_at
        from submission
        where phase_id = $1 and team_id = $2 and private_value is not null
        order by private_value desc, received_at, id
        limit 1)
     ),
     gone as (
       delete from standing
       where phase_id = $1 and team_id = $2 and board not in (select board from best)
     )
     insert into standing (phase_id, board, team_id, submission_id, value, received_at)
     select $1, board, $2, id, value, received_at
     from best
     on conflict (phase_id, board, team_id) do update
     set submission_id = excluded.submission_id, value = excluded.value, received_at = excluded.received_at`,
    [phaseId, teamId],
  );
}
