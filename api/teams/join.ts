import { execute } from '../../core/db/sql.ts';
import { ensureTeamIn } from '../submissions/teams.ts';
import { lockBoth, type Change, type Me } from './change.ts';
import { end, endOfMembers, getCode, getReceived } from './invitations.ts';
import { merge as mergeTeams } from './merge.ts';
import { readExcess, readSide, whyNotJoin, whyNotLeave } from './rules.ts';

/** @throws not-found, or what the rules of teams are against */
export async function accept(change: Change, me: Me, id: number): Promise<void> {
  const mine = await myTeam(change, me);
  const { teamId, merge } = await getReceived(change.client, me, mine, id);
  await join(change, { mine, theirs: teamId, merge });
  await end(change.client, id);
}

/** @throws not-found, or what the rules of teams are against */
export async function joinByCode(change: Change, me: Me, code: string): Promise<void> {
  const { teamId } = await getCode(change.client, me, code);
  await join(change, { mine: await myTeam(change, me), theirs: teamId, merge: false });
}

/** The student's team; one of their own where they have none. */
export async function myTeam({ client }: Change, { competition, userId }: Me): Promise<number> {
  return await ensureTeamIn(client, competition.id, userId, 'students');
}

/** Who is alone brings what they sent, too: so joining is a merge of two teams, be one of them a new one. */
async function join(
  { client, rules, now }: Change,
  { mine, theirs, merge }: { readonly mine: number; readonly theirs: number; readonly merge: boolean },
): Promise<void> {
  await lockBoth(client, [mine, theirs]);
  const sides = { mine: await readSide(client, mine), theirs: await readSide(client, theirs) };
  const refused = whyNotJoin(rules, now, { ...sides, merge, excess: await readExcess(client, [mine, theirs], now) });
  if (refused) throw refused;
  await mergeTeams(client, { from: mine, into: theirs });
  await endOfMembers(client, theirs);
}

/** The team is locked, so that its first submission comes either before or after. */
export async function leave(change: Change, me: Me): Promise<void> {
  const { client, rules, now } = change;
  const mine = await myTeam(change, me);
  await lockBoth(client, [mine]);
  const refused = whyNotLeave(rules, now, await readSide(client, mine));
  if (refused) throw refused;
  await execute(client, 'delete from team_member where competition_id = $1 and user_id = $2', [
    me.competition.id,
    me.userId,
  ]);
}
