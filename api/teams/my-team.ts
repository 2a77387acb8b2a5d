import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { MyTeam } from '../../core/contract/teams.ts';
import type { Database } from '../../core/db/open.ts';
import { execute, maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { AppError } from '../errors.ts';
import { pseudonymAt, pseudonymCount } from '../submissions/pseudonyms.ts';

/** Enough to find one that is liked; a name that changes all the time would be a way to send messages. */
const mostRerolls = 20;

/** A person in their team. */
export interface Membership {
  readonly competitionId: number;
  readonly teamId: number;
  readonly userId: number;
}

const Row = z.object({ pseudonym: z.string(), nameShown: z.boolean(), rerolls: z.number().int() });

/** As it is for who has no team yet. */
export const noTeam: MyTeam = { pseudonym: null, nameShown: false, rerollsLeft: mostRerolls };

/** @throws conflict where the person is not in the team any more */
export async function readMyTeam(db: Queryable, { teamId, userId }: Membership): Promise<MyTeam> {
  const found = await maybeRow(
    db,
    Row,
    `select team.pseudonym, team_member.show_name as "nameShown", team.rerolls
     from team join team_member on team_member.team_id = team.id
     where team.id = $1 and team_member.user_id = $2`,
    [teamId, userId],
  );
  if (!found) throw new AppError('conflict', 'You are in another team by now. Load the page again.');
  const { pseudonym, nameShown, rerolls } = found;
  return { pseudonym, nameShown, rerollsLeft: Math.max(0, mostRerolls - rerolls) };
}

/**
 * Draws another pseudonym, at random among those that nobody in the competition has.
 * @throws limit-reached where it was done too often
 */
export async function reroll({ pool }: Pick<Database, 'pool'>, membership: Membership): Promise<MyTeam> {
  const { teamId, competitionId } = membership;
  return await transaction(pool, async (client) => {
    await client.query('select 1 from team where id = $1 for update', [teamId]);
    if ((await readMyTeam(client, membership)).rerollsLeft === 0)
      throw new AppError(
        'limit-reached',
        `Your team has drawn another pseudonym ${mostRerolls} times. It keeps the one that it has.`,
      );
    for (;;) {
      const changed = await execute(
        client,
        `update team set pseudonym = $2, rerolls = rerolls + 1
         where id = $1 and not exists (select from team other where other.competition_id = $3 and other.pseudonym = $2)`,
        [teamId, pseudonymAt(randomInt(pseudonymCount)), competitionId],
      );
      if (changed === 1) return await readMyTeam(client, membership);
    }
  });
}

export async function setNameShown(db: Queryable, membership: Membership, shown: boolean): Promise<MyTeam> {
  await db.query('update team_member set show_name = $3 where competition_id = $1 and user_id = $2', [
    membership.competitionId,
    membership.userId,
    shown,
  ]);
  return await readMyTeam(db, membership);
}
