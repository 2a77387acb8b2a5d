import { effectiveDates, ofTeam } from '../../core/schedule/effective.ts';

/**
 * SQL, from the row `course`: the submissions that count on the private boards of its phases, once for each student of the team, with the team's own
 * dates. Brings the rows `competition`, `phase`, `standing`, `team_member` and `dates`.
 */
export const joinCounted = `
     join competition on competition.course_id = course.id
     join phase on phase.competition_id = competition.id
     join standing on standing.phase_id = phase.id and standing.board = 'private'
     join team on team.id = standing.team_id and team.kind = 'students'
     join team_member on team_member.team_id = team.id
     cross join ${effectiveDates(ofTeam('team.id'))} as dates`;
