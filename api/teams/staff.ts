import { z } from 'zod';
import { mergeTeams, moveStudent, type TeamList } from '../../core/contract/team-staff.ts';
import { execute, maybeRow, oneRow, rows, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import type { FullCompetition } from '../competitions/cache.ts';
import { refuse } from '../competitions/refuse.ts';
import { AppError, notFound } from '../errors.ts';
import { ensureTeamIn, insertTeam } from '../submissions/teams.ts';
import { lockBoth, type Change } from './change.ts';
import { endOfMembers } from './invitations.ts';
import { merge, moveSubmissions, retire } from './merge.ts';
import { findSide, readRules, type Side } from './rules.ts';

const Person = z.object({ userId: z.number().int(), name: z.string(), email: z.string() });
type Person = z.output<typeof Person>;

const Team = z.object({
  id: z.number().int(),
  pseudonym: z.string(),
  members: z.array(Person.extend({ current: z.boolean() })),
  submissions: z.number().int(),
});

/** The teams that somebody is in or that have sent something, the largest first. */
export async function readTeams(db: Queryable, { id, courseId }: FullCompetition): Promise<TeamList> {
  const { maxTeamSize, locksAt } = await readRules(db, id);
  const teams = await rows(
    db,
    Team,
    `select team.id, team.pseudonym, coalesce(people.members, '[]') as members, coalesce(sent.submissions, 0) as submissions
     from team
     left join (
       select team_member.team_id,
              jsonb_agg(jsonb_build_object(
                'userId', "user".id,
                'name', "user".name,
                'email', "user".email,
                'current', coalesce(enrollment.role = 'student' and enrollment.dropped_at is null, false)
              ) order by "user".name, "user".id) as members
       from team_member
       join "user" on "user".id = team_member.user_id
       left join enrollment on enrollment.user_id = "user".id and enrollment.course_id = $2
       where team_member.competition_id = $1
       group by team_member.team_id
     ) as people on people.team_id = team.id
     left join (
       select team_id, count(*)::int as submissions
       from submission
       where team_id in (select id from team where competition_id = $1)
       group by team_id
     ) as sent on sent.team_id = team.id
     where team.competition_id = $1 and team.kind = 'students' and (people.members is not null or sent.submissions > 0)
     order by jsonb_array_length(coalesce(people.members, '[]')) desc, team.pseudonym`,
    [id, courseId],
  );
  const alone = await rows(
    db,
    Person,
    `select "user".id as "userId", "user".name, "user".email
     from enrollment
     join "user" on "user".id = enrollment.user_id
     where enrollment.course_id = $2 and enrollment.role = 'student' and enrollment.dropped_at is null
       and not exists (select from team_member join team on team.id = team_id
                       where team_member.competition_id = $1 and user_id = "user".id and team.kind = 'students')
     order by "user".name, "user".id`,
    [id, courseId],
  );
  return { maxTeamSize, locksAt: locksAt?.toISOString() ?? null, teams, alone };
}

/**
 * Puts a student into another team. What they sent stays with the team that it was sent for, unless it is to go along.
 * @throws not-found; validation-failed without a reason where there is history; conflict where submissions would be left to nobody
 */
export async function move(
  { client }: Change,
  by: Actor,
  competition: FullCompetition,
  { userId, teamId, takeSubmissions, reason }: z.output<typeof moveStudent.schema.body>,
): Promise<void> {
  const student = await getStudent(client, competition, userId);
  // One of their own where they have none, so that there always is a team that is left.
  const fromId = await ensureTeamIn(client, competition.id, userId, 'students');
  const intoId = teamId ?? (await insertTeam(client, competition.id, 'students'));
  if (fromId === intoId) throw new AppError('conflict', `${student.name} is in this team already.`);
  await lockBoth(client, [fromId, intoId]);
  const from = await getSide(client, competition, fromId);
  const into = await getSide(client, competition, intoId);
  requireReason(reason, [from, into]);
  if (takeSubmissions) await moveSubmissions(client, { from: fromId, into: intoId, userId });
  await execute(client, 'update team_member set team_id = $3 where competition_id = $1 and user_id = $2', [
    competition.id,
    userId,
    intoId,
  ]);
  await leaveBehind(client, student, { from: fromId, into: intoId, isNew: teamId === null });
  await endOfMembers(client, intoId);
  await recordAct(client, by, {
    courseId: competition.courseId,
    action: moveStudent.schema.operationId,
    subject: `team of ${student.name} <${student.email}>, competition ${competition.slug}`,
    before: { team: from.pseudonym },
    after: { team: into.pseudonym, submissionsTaken: takeSubmissions, ...(reason !== '' && { reason }) },
  });
}

/** A team that nobody is in any more goes, unless it has sent something: that must stay somebody's. */
async function leaveBehind(
  client: Queryable,
  { name }: Person,
  { from, into, isNew }: { readonly from: number; readonly into: number; readonly isNew: boolean },
): Promise<void> {
  const left = await oneRow(
    client,
    z.object({ members: z.number().int(), submissions: z.number().int() }),
    `select (select count(*) from team_member where team_id = $1)::int as members,
            (select count(*) from submission where team_id = $1)::int as submissions`,
    [from],
  );
  if (left.members > 0) return;
  if (isNew) throw new AppError('conflict', `${name} is alone in their team already.`);
  if (left.submissions > 0)
    throw new AppError(
      'conflict',
      `What the team of ${name} has sent would be left to nobody. Let the two teams become one instead.`,
    );
  await retire(client, { from, into });
}

/** @throws not-found, and validation-failed without a reason where there is history */
export async function mergeByStaff(
  { client }: Change,
  by: Actor,
  competition: FullCompetition,
  { fromTeamId, intoTeamId, reason }: z.output<typeof mergeTeams.schema.body>,
): Promise<void> {
  await lockBoth(client, [fromTeamId, intoTeamId]);
  const from = await getSide(client, competition, fromTeamId);
  const into = await getSide(client, competition, intoTeamId);
  requireReason(reason, [from, into]);
  await merge(client, { from: fromTeamId, into: intoTeamId });
  await endOfMembers(client, intoTeamId);
  await recordAct(client, by, {
    courseId: competition.courseId,
    action: mergeTeams.schema.operationId,
    subject: `teams ${from.pseudonym} and ${into.pseudonym}, competition ${competition.slug}`,
    before: { [from.pseudonym]: countsOf(from), [into.pseudonym]: countsOf(into) },
    after: { team: into.pseudonym, ...(reason !== '' && { reason }) },
  });
}

function countsOf({ members, submissions }: Side) {
  return { members, submissions };
}

function requireReason(reason: string, sides: readonly Side[]): void {
  if (reason !== '' || !sides.some((side) => side.submissions > 0)) return;
  refuse([{ path: 'body.reason', message: 'say why: something was sent already, so boards and grades change' }]);
}

async function getStudent(client: Queryable, { courseId }: FullCompetition, userId: number): Promise<Person> {
  const found = await maybeRow(
    client,
    Person,
    `select "user".id as "userId", "user".name, "user".email
     from enrollment
     join "user" on "user".id = enrollment.user_id
     where enrollment.course_id = $1 and enrollment.user_id = $2 and enrollment.role = 'student' and enrollment.dropped_at is null`,
    [courseId, userId],
  );
  if (!found) throw notFound('student with this id');
  return found;
}

async function getSide(client: Queryable, { id }: FullCompetition, teamId: number): Promise<Side> {
  const side = await findSide(client, teamId);
  const isHere = await maybeRow(
    client,
    z.object({ id: z.number().int() }),
    'select id from team where id = $1 and competition_id = $2',
    [teamId, id],
  );
  if (!side || !isHere) throw notFound(`team of students with the id ${teamId} in this competition`);
  return side;
}
