import { z } from 'zod';
import type { TeamOffer, Teamwork } from '../../core/contract/teamwork.ts';
import { maybeRow, rows, type Queryable } from '../../core/db/sql.ts';
import type { Me } from './change.ts';
import { getCode, readReceived, type Received } from './invitations.ts';
import {
  findSide,
  nobodyElse,
  readExcess,
  readRules,
  readSide,
  whyNotInvite,
  whyNotJoin,
  whyNotLeave,
} from './rules.ts';

/** A student's team, and what they can do about it. */
export async function readTeamwork(db: Queryable, me: Me, now: Date): Promise<Teamwork> {
  const rules = await readRules(db, me.competition.id);
  const mine = (await findMine(db, me)) ?? nobodyElse;
  const received: Teamwork['received'] = [];
  for (const one of await readReceived(db, me, mine.teamId)) {
    const theirs = await findSide(db, one.teamId);
    if (!theirs) continue;
    const excess = await readExcess(db, [mine.teamId, theirs.teamId], now);
    const { id, merge, from } = one;
    const hindrance = wordsOf(whyNotJoin(rules, now, { mine, theirs, merge, excess }));
    received.push({ id, merge, from, members: theirs.members, hindrance });
  }
  return {
    maxTeamSize: rules.maxTeamSize,
    locksAt: rules.locksAt?.toISOString() ?? null,
    members: await readMembers(db, me, mine.teamId),
    submitted: mine.submissions > 0,
    invitations: await readSent(db, mine.teamId),
    code: await readOwnCode(db, mine.teamId),
    received,
    hindrances: {
      invite: wordsOf(whyNotInvite(rules, now, mine)),
      leave: wordsOf(whyNotLeave(rules, now, mine)),
    },
  };
}

/** What a code offers to whoever has it. @throws not-found */
export async function readOffer(db: Queryable, me: Me, code: string, now: Date): Promise<TeamOffer> {
  const offered: Omit<Received, 'merge'> = await getCode(db, me, code);
  const rules = await readRules(db, me.competition.id);
  const mine = (await findMine(db, me)) ?? nobodyElse;
  const theirs = await readSide(db, offered.teamId);
  const excess = await readExcess(db, [mine.teamId, theirs.teamId], now);
  const hindrance = wordsOf(whyNotJoin(rules, now, { mine, theirs, merge: false, excess }));
  return { from: offered.from, members: theirs.members, hindrance };
}

async function findMine(db: Queryable, { competition, userId }: Me) {
  const row = await maybeRow(
    db,
    z.object({ teamId: z.number().int() }),
    'select team_id as "teamId" from team_member where competition_id = $1 and user_id = $2',
    [competition.id, userId],
  );
  return row && (await findSide(db, row.teamId));
}

function wordsOf(error: Error | undefined): string | null {
  return error?.message ?? null;
}

async function readMembers(db: Queryable, me: Me, teamId: number): Promise<Teamwork['members']> {
  const others = await rows(
    db,
    z.object({ name: z.string() }),
    `select "user".name
     from team_member
     join "user" on "user".id = team_member.user_id
     join enrollment on enrollment.user_id = "user".id and enrollment.course_id = $3
     where team_member.team_id = $1 and "user".id <> $2 and enrollment.role = 'student' and enrollment.dropped_at is null
     order by "user".name, "user".id`,
    [teamId, me.userId, me.competition.courseId],
  );
  return [{ name: me.name, me: true }, ...others.map(({ name }) => ({ name, me: false }))];
}

async function readSent(db: Queryable, teamId: number): Promise<Teamwork['invitations']> {
  return await rows(
    db,
    z.object({ id: z.number().int(), email: z.string(), merge: z.boolean(), from: z.string() }),
    `select team_invitation.id, team_invitation.email, merge, "user".name as from
     from team_invitation
     join "user" on "user".id = created_by_id
     where team_id = $1 and ended_at is null and team_invitation.email is not null
     order by team_invitation.id
     limit 200`,
    [teamId],
  );
}

async function readOwnCode(db: Queryable, teamId: number): Promise<string | null> {
  const found = await maybeRow(
    db,
    z.object({ code: z.string() }),
    'select code from team_invitation where team_id = $1 and ended_at is null and code is not null',
    [teamId],
  );
  return found?.code ?? null;
}
