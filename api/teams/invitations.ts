import { z } from 'zod';
import { execute, maybeRow, oneRow, rows, type Queryable } from '../../core/db/sql.ts';
import { post } from '../../core/mail/outbox.ts';
import { AppError, notFound } from '../errors.ts';
import { newCode } from '../join/codes.ts';
import type { Me } from './change.ts';

/** Enough for any team; each is a letter that a classmate gets. */
const mostADay = 20;

interface Invitation {
  readonly teamId: number;
  readonly email: string;
  readonly merge: boolean;
  /** Where the pages are; undefined: no mail is sent. */
  readonly publicUrl: string | undefined;
}

/**
 * Keeps an invitation for whoever has the address. Only students of the course are sent a letter; nobody is told whether one was.
 * @throws conflict where there is such an invitation, or the address is a member's; too-many-requests
 */
export async function invite(client: Queryable, me: Me, invitation: Invitation): Promise<void> {
  const { teamId, email, merge } = invitation;
  const { own, open, today } = await oneRow(
    client,
    z.object({ own: z.boolean(), open: z.boolean(), today: z.number().int() }),
    `select exists (select from team_member join "user" on "user".id = user_id where team_id = $1 and email = $2) as own,
            exists (select from team_invitation where team_id = $1 and email = $2 and merge = $3 and ended_at is null) as open,
            (select count(*)
             from team_invitation
             join team on team.id = team_id
             where created_by_id = $4 and team.competition_id = $5 and email is not null and team_invitation.created_at > now() - interval '1 day')::int as today`,
    [teamId, email, merge, me.userId, me.competition.id],
  );
  if (own) throw new AppError('conflict', `${email} is in your team already.`);
  if (open) throw new AppError('conflict', `${email} is invited already, and has not answered yet.`);
  if (today >= mostADay)
    throw new AppError('too-many-requests', `You have invited ${mostADay} times within a day. Make a link instead.`);
  await mail(client, me, invitation);
  await execute(client, 'insert into team_invitation (team_id, created_by_id, email, merge) values ($1, $2, $3, $4)', [
    teamId,
    me.userId,
    email,
    merge,
  ]);
}

/** To a student of the course, and not again within a day. */
async function mail(client: Queryable, me: Me, { teamId, email, merge, publicUrl }: Invitation): Promise<void> {
  if (publicUrl === undefined) return;
  const { courseId, slug, title } = me.competition;
  const to = await maybeRow(
    client,
    z.object({ email: z.string() }),
    `select "user".email
     from "user"
     join enrollment on enrollment.user_id = "user".id
     where "user".email = $1 and enrollment.course_id = $2 and enrollment.role = 'student' and enrollment.dropped_at is null
       and not exists (select from team_invitation
                       where team_id = $3 and team_invitation.email = $1 and created_at > now() - interval '1 day')`,
    [email, courseId, teamId],
  );
  if (!to) return;
  const asks = merge ? 'proposes that your team and theirs become one' : 'invites you to their team';
  const text = `${me.name} ${asks} for ${title}.

Answer here:

${publicUrl.replace(/\/$/, '')}/competitions/${slug}/team
`;
  await post(client, [{ to: to.email, subject: `A team for ${title}`, text }]);
}

/** @throws not-found where the team has no such open invitation */
export async function withdraw(client: Queryable, teamId: number, id: number): Promise<void> {
  const ended = await execute(
    client,
    'update team_invitation set ended_at = now() where id = $1 and team_id = $2 and email is not null and ended_at is null',
    [id, teamId],
  );
  if (ended === 0) throw notFound('open invitation with this id of your team');
}

export async function end(client: Queryable, id: number): Promise<void> {
  await execute(client, 'update team_invitation set ended_at = now() where id = $1', [id]);
}

/** Whoever is in a team needs no invitation to it any more. */
export async function endOfMembers(client: Queryable, teamId: number): Promise<void> {
  await execute(
    client,
    `update team_invitation
     set ended_at = now()
     where team_id = $1 and ended_at is null
       and email in (select email from team_member join "user" on "user".id = user_id where team_member.team_id = $1)`,
    [teamId],
  );
}

const Received = z.object({
  id: z.number().int(),
  teamId: z.number().int(),
  merge: z.boolean(),
  from: z.string(),
});
export type Received = z.output<typeof Received>;

/** Open invitations to me, and proposals to somebody of my team; oldest first. */
export async function readReceived(db: Queryable, { competition, email }: Me, teamId: number): Promise<Received[]> {
  return await rows(
    db,
    Received,
    `select team_invitation.id, team_invitation.team_id as "teamId", merge, "user".name as from
     from team_invitation
     join team on team.id = team_invitation.team_id
     join "user" on "user".id = created_by_id
     where team.competition_id = $1
       and ended_at is null
       and team.id <> $3
       and (team_invitation.email = $2
         or (merge and team_invitation.email in (
               select member.email from team_member join "user" as member on member.id = user_id where team_member.team_id = $3)))
     order by team_invitation.id
     limit 50`,
    [competition.id, email, teamId],
  );
}

/** @throws not-found where it is not open, or not mine to answer */
export async function getReceived(db: Queryable, me: Me, teamId: number, id: number): Promise<Received> {
  const found = (await readReceived(db, me, teamId)).find((one) => one.id === id);
  if (!found) throw notFound('open invitation with this id');
  return found;
}

export async function makeCode(client: Queryable, teamId: number, userId: number): Promise<void> {
  await endCode(client, teamId);
  await execute(client, 'insert into team_invitation (team_id, created_by_id, code) values ($1, $2, $3)', [
    teamId,
    userId,
    newCode(),
  ]);
}

export async function endCode(client: Queryable, teamId: number): Promise<void> {
  await execute(client, 'delete from team_invitation where team_id = $1 and code is not null', [teamId]);
}

/** A code has 50 bits: nobody guesses one, however often they try. @throws not-found */
export async function getCode(db: Queryable, { competition }: Me, code: string): Promise<Omit<Received, 'merge'>> {
  const found = await maybeRow(
    db,
    Received.omit({ merge: true }),
    `select team_invitation.id, team_invitation.team_id as "teamId", "user".name as from
     from team_invitation
     join team on team.id = team_invitation.team_id
     join "user" on "user".id = created_by_id
     where team.competition_id = $1 and code = $2 and ended_at is null`,
    [competition.id, code.trim().toUpperCase()],
  );
  if (!found) throw notFound('team with this code');
  return found;
}
