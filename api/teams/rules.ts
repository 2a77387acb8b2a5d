import { z } from 'zod';
import { maybeRow, oneRow, rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofTeam } from '../../core/schedule/effective.ts';
import { AppError } from '../errors.ts';
import { formatInZone } from '../http/zone.ts';

const Rules = z.object({
  maxTeamSize: z.number().int(),
  /** The first due time of a phase at the latest: who joined later would be graded by what was handed in without them. */
  locksAt: z.date().nullable(),
  timeZone: z.string(),
});
export type Rules = z.output<typeof Rules>;

export async function readRules(db: Queryable, competitionId: number): Promise<Rules> {
  return await oneRow(
    db,
    Rules,
    `select competition.max_team_size as "maxTeamSize",
            least(competition.teams_lock_at, (select min(due_at) from phase where competition_id = competition.id)) as "locksAt",
            course.time_zone as "timeZone"
     from competition
     join course on course.id = competition.course_id
     where competition.id = $1`,
    [competitionId],
  );
}

const Side = z.object({
  teamId: z.number().int(),
  pseudonym: z.string(),
  /** Students of the course, without those who were dropped or are staff by now. */
  members: z.number().int(),
  /** All that it ever sent, whatever became of it. */
  submissions: z.number().int(),
});
/** A team, as far as the rules look at it. */
export type Side = z.output<typeof Side>;

/** As a team of one is before it is made. */
export const nobodyElse: Omit<Side, 'pseudonym'> = { teamId: 0, members: 1, submissions: 0 };

export async function readSide(db: Queryable, teamId: number): Promise<Side> {
  const side = await findSide(db, teamId);
  if (!side) throw new AppError('conflict', 'This team is another one by now. Load the page again.');
  return side;
}

/** Undefined where it is no team of students, or is none any more. */
export async function findSide(db: Queryable, teamId: number): Promise<Side | undefined> {
  return await maybeRow(
    db,
    Side,
    `select team.id as "teamId",
            team.pseudonym,
            (select count(*)
             from team_member
             join competition on competition.id = team_member.competition_id
             join enrollment on enrollment.course_id = competition.course_id and enrollment.user_id = team_member.user_id
             where team_member.team_id = team.id and enrollment.role = 'student' and enrollment.dropped_at is null)::int as members,
            (select count(*) from submission where submission.team_id = team.id)::int as submissions
     from team
     where team.id = $1 and team.kind = 'students'`,
    [teamId],
  );
}

const Excess = z.object({ title: z.string(), dailyLimit: z.number().int().nullable(), allowed: z.number().int() });
/** A phase in which two teams have sent more together than one could have sent so far. */
export type Excess = z.output<typeof Excess>;

/**
 * The phases in which two teams have used more together than one team could have by `now`: as many as in total, and a day's limit for each day since the
 * opening, that day and today included. Where one of them has sent nothing, nothing is added up. The rule is Kaggle's.
 */
export async function readExcess(db: Queryable, teamIds: readonly [number, number], now: Date): Promise<Excess[]> {
  return await rows(
    db,
    Excess,
    `with used as (
       select phase_id, count(*) as together, count(distinct team_id) as teams
       from submission
       where team_id in ($1, $2) and state in ('queued', 'running', 'scored')
       group by phase_id
     ),
     counted as (
       select phase.position,
              phase.title,
              phase.daily_limit,
              used.together,
              least(phase.total_limit, phase.daily_limit * greatest(1,
                (least($3::timestamptz, dates.closes_at) at time zone course.time_zone)::date
                - (coalesce(phase.opens_at, competition.published_at, $3) at time zone course.time_zone)::date
                + 1)) as allowed
       from used
       join phase on phase.id = used.phase_id
       join competition on competition.id = phase.competition_id
       join course on course.id = competition.course_id
       cross join ${effectiveDates(ofTeam('$1, $2'))} as dates
       where used.teams = 2
     )
     select title, daily_limit as "dailyLimit", allowed::int from counted where together > allowed order by position`,
    [...teamIds, now],
  );
}

/** The lock date, and whether there are teams at all. */
function closed({ maxTeamSize, locksAt, timeZone }: Rules, now: Date): AppError | undefined {
  if (maxTeamSize === 1)
    return new AppError('conflict', 'In this competition everybody is alone; there are no teams of several.');
  if (locksAt === null || now < locksAt) return undefined;
  return new AppError(
    'deadline-passed',
    `Teams could be changed until ${formatInZone(locksAt, timeZone)}. Ask the staff if yours has to be.`,
  );
}

/** What keeps a team from inviting, and from proposing to another one; undefined: nothing does. */
export function whyNotInvite(rules: Rules, now: Date, { members }: Pick<Side, 'members'>): AppError | undefined {
  const shut = closed(rules, now);
  if (shut || members < rules.maxTeamSize) return shut;
  return new AppError('conflict', `Your team is full: no more than ${rules.maxTeamSize} may be in one.`);
}

export function whyNotLeave(
  rules: Rules,
  now: Date,
  { members, submissions }: Pick<Side, 'members' | 'submissions'>,
): AppError | undefined {
  if (members < 2) return new AppError('conflict', 'You are alone in your team: there is nothing to leave.');
  if (submissions > 0)
    return new AppError(
      'conflict',
      'Your team has sent a submission, and after the first one nobody leaves. Ask the staff if somebody has to.',
    );
  return closed({ ...rules, maxTeamSize: Math.max(2, rules.maxTeamSize) }, now);
}

interface Joining {
  readonly mine: Omit<Side, 'pseudonym'>;
  readonly theirs: Side;
  /** Whether my whole team comes along. */
  readonly merge: boolean;
  readonly excess: readonly Excess[];
}

/** What keeps me, or my team, from becoming one with another team. Says nothing of how much that one has sent. */
export function whyNotJoin(rules: Rules, now: Date, { mine, theirs, merge, excess }: Joining): AppError | undefined {
  const shut = closed(rules, now);
  if (shut) return shut;
  if (mine.teamId === theirs.teamId) return new AppError('conflict', 'You are in this team already.');
  if (!merge && mine.members > 1)
    return new AppError(
      'conflict',
      'You are in a team with others. Leave it first; or have them propose to your team that the two become one.',
    );
  const together = mine.members + theirs.members;
  if (together > rules.maxTeamSize)
    return new AppError('conflict', `You would be ${together} together, and no more than ${rules.maxTeamSize} may be.`);
  const [first] = excess;
  if (!first) return undefined;
  const later = first.dailyLimit === null ? '' : ` With each day that passes it is ${first.dailyLimit} more.`;
  return new AppError(
    'conflict',
    `Together you have sent more to “${first.title}” than the ${first.allowed} that one team could have sent so far.${later}`,
  );
}
