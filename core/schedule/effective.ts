/** Whose extensions and accommodations are meant: conditions on the tables `extension` and `accommodation`. */
export interface Whose {
  readonly extension: string;
  readonly accommodation: string;
}

/** A person's own dates. @param user, team SQL; null for no team */
export function ofPerson(user: string, team: string): Whose {
  const members = membersOf(team);
  return {
    extension: `extension.user_id = ${user} or extension.team_id = ${team} or extension.user_id in ${members}`,
    accommodation: `accommodation.user_id = ${user} or accommodation.user_id in ${members}`,
  };
}

/** A team's dates: the latest of its own and of its members'. @param team SQL; several, with commas between them, as if they were one team */
export function ofTeam(team: string): Whose {
  const members = membersOf(team);
  return {
    extension: `extension.team_id in (${team}) or extension.user_id in ${members}`,
    accommodation: `accommodation.user_id in ${members}`,
  };
}

/** By a name of its own: `team` may be a column of a `team_member` outside. */
function membersOf(team: string): string {
  return `(select mate.user_id from team_member as mate where mate.team_id in (${team}))`;
}

/** The class's dates. */
export const ofNobody: Whose = { extension: 'false', accommodation: 'false' };

/**
 * A lateral subquery that works out, from the rows `phase` and `course`, the dates that hold for somebody: `due_at`, `late_until` and `closes_at` (the
 * last moment in which something is taken, grace included), each null where there is no such date. Nothing of it is stored, so a deadline that is moved
 * moves for all. An accommodation adds calendar days in the course's zone (23:59 stays 23:59 when clocks change), or stretches the time since the
 * opening; of all that somebody has, the latest counts. Who is due later may also be late for as long as the others.
 */
export function effectiveDates({ extension, accommodation }: Whose): string {
  return `lateral (
    select due.at as due_at,
           late.until as late_until,
           case when due.at is not null then greatest(due.at, late.until) + make_interval(mins => phase.grace_minutes) end as closes_at
    from (select max(extension.due_at) as due_at, max(extension.late_until) as late_until
          from extension
          where extension.phase_id = phase.id and (${extension})) as given
    cross join (select max(greatest(
                  (phase.due_at at time zone course.time_zone + make_interval(days => accommodation.extra_days)) at time zone course.time_zone,
                  phase.opens_at + (phase.due_at - phase.opens_at) * accommodation.time_factor)) as due_at
                from accommodation
                where accommodation.course_id = course.id and (${accommodation})) as lasting
    cross join lateral (select case when phase.due_at is not null then greatest(phase.due_at, given.due_at, lasting.due_at) end as at) as due
    cross join lateral (select greatest(phase.late_until + (due.at - phase.due_at), given.late_until) as until) as late
  )`;
}

/** As `effectiveDates`: the latest dates that anybody has. */
export const latestDates = effectiveDates({ extension: 'true', accommodation: 'true' });

/**
 * A lateral subquery with `at`, when students see private scores by the clock, and `revealed`, whether they do: at the reveal time, or once staff revealed
 * them by hand, and never while anybody may still submit. From the rows `phase` and `course`.
 */
export const reveal = `lateral (
    select last.reveals_at as at, coalesce(last.reveals_at < now(), false) as revealed
    from (select greatest(coalesce(phase.revealed_at, phase.reveal_at), anybody.closes_at) as reveals_at
          from ${latestDates} as anybody) as last
  )`;
