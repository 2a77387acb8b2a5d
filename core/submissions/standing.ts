import { z } from 'zod';
import { execute, oneRow, type Queryable } from '../db/sql.ts';
import { counted } from './counted.ts';

/**
 * Serialises what changes a team: its limits are counted and its standing is kept under this lock, so neither sees half of the other.
 * To be held until the transaction ends.
 */
export async function lockTeam(client: Queryable, teamId: number): Promise<void> {
  await execute(client, 'select 1 from team where id = $1 for update', [teamId]);
}

const TeamOf = z.object({ teamId: z.number().int() });

/**
 * As `lockTeam`, for the team that a submission is of by then: two teams may have become one since it was read.
 * @returns that team's id
 */
export async function lockTeamOf(
  client: Queryable,
  { submissionId, teamId }: { readonly submissionId: number; readonly teamId: number },
): Promise<number> {
  for (let locked = teamId; ;) {
    await lockTeam(client, locked);
    const query = 'select team_id as "teamId" from submission where id = $1';
    const found = await oneRow(client, TeamOf, query, [submissionId]);
    if (found.teamId === locked) return locked;
    locked = found.teamId;
  }
}

/** SQL, of phase $1: as `lockTeam`, for all of its teams. In the order of their ids, so that two of these don't wait for each other. */
export const lockTeams = `
  select 1
  from team
  where competition_id = (select competition_id from phase where id = $1)
  order by id
  for update`;

/**
 * Brings what counts for a team in line with its submissions. Derived anew each time rather than compared with what was kept, so a rerun that lowers
 * a score is right as well. The team must be locked.
 */
export async function keepStanding(client: Queryable, phaseId: number, teamId: number): Promise<void> {
  await execute(client, keep('team_id = $2'), [phaseId, teamId]);
}

/** SQL: as `keepStanding`, for all teams of phase $1, which must be locked. */
export const keepAllStandings = keep('true');

function keep(whose: string): string {
  return `
    with ${counted(`
      select id, team_id, received_at, public_value, private_value, selected_at is not null as selected
      from submission
      where phase_id = $1
        and ${whose}
        and disqualified_at is null
        and (public_value is not null or private_value is not null)`)},
    gone as (
      delete from standing
      where phase_id = $1 and ${whose} and (board, team_id) not in (select board, team_id from counted)
    )
    insert into standing (phase_id, board, team_id, submission_id, value, received_at)
    select $1, board, team_id, id, value, received_at
    from counted
    on conflict (phase_id, board, team_id) do update
    set submission_id = excluded.submission_id, value = excluded.value, received_at = excluded.received_at`;
}
