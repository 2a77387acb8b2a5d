/**
 * SQL: which submission counts for a team on each board, by the rule of phase $1: tables that end in `counted` (board, team_id, id, value, received_at).
 * The only place that decides it. The better value at full precision goes first, then the earlier submission; ids settle what arrived in the same
 * millisecond.
 *
 * best: on each board the best value there. last: on both boards the last that was scored. selected: the public board has the best public value; the
 * private board has the best of those that the team selected, or where it selected none, the submission with its best public value.
 * @param scored SQL of the submissions to choose from, which must be of that phase, scored and not disqualified: id, team_id, received_at,
 *   public_value, private_value (either may be null), selected
 */
export function counted(scored: string): string {
  return `
    rule as (
      select counts from phase where id = $1
    ),
    scored as (
      ${scored}
    ),
    latest as (
      select distinct on (team_id) * from scored order by team_id, received_at desc, id desc
    ),
    best_public as (
      select distinct on (team_id) * from scored where public_value is not null order by team_id, public_value desc, received_at, id
    ),
    chosen as (
      select * from scored where selected and private_value is not null
    ),
    countable as (
      select 'public'::board as board, team_id, id, public_value as value, received_at
      from scored, rule
      where counts <> 'last'
      union all
      select 'private', team_id, id, private_value, received_at
      from scored, rule
      where counts = 'best'
      union all
      select 'private', team_id, id, private_value, received_at
      from chosen, rule
      where counts = 'selected'
      union all
      select 'private', team_id, id, private_value, received_at
      from best_public, rule
      where counts = 'selected' and team_id not in (select team_id from chosen)
      union all
      select each.board, team_id, id, each.value, received_at
      from latest, rule, lateral (values ('public'::board, public_value), ('private', private_value)) as each (board, value)
      where counts = 'last'
    ),
    counted as (
      select distinct on (board, team_id) *
      from countable
      where value is not null
      order by board, team_id, value desc, received_at, id
    )`;
}
