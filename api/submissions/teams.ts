import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { maybeRow, oneRow, transaction } from '../../core/db/sql.ts';
import type { Database } from '../../core/db/open.ts';
import { pseudonymCount, pseudonymAt } from './pseudonyms.ts';

const TeamId = z.object({ id: z.number().int() });

/** The team of a person in a competition; undefined where they have none yet. */
export async function findTeam({ pool }: Database, competitionId: number, userId: number): Promise<number | undefined> {
  const row = await maybeRow(
    pool,
    TeamId,
    'select team_id as id from team_member where competition_id = $1 and user_id = $2',
    [competitionId, userId],
  );
  return row?.id;
}

/**
 * The team of a person in a competition: a student without one becomes a team of one, staff a team that is on no board. Two requests at once find
 * the same team.
 */
export async function ensureTeam(
  db: Database,
  competitionId: number,
  userId: number,
  kind: 'students' | 'staff',
): Promise<number> {
  const known = await findTeam(db, competitionId, userId);
  if (known !== undefined) return known;
  for (let tries = 0; ; tries++) {
    // Where most pairs of words are taken, a number makes room.
    const suffix = tries < 10 ? '' : ` ${randomInt(2, 10_000)}`;
    const made = await tryMakeTeam(db, competitionId, userId, kind, pseudonymAt(randomInt(pseudonymCount)) + suffix);
    if (made !== undefined) return made;
  }
}

/** Undefined where the pseudonym is taken; nothing is left behind then. */
async function tryMakeTeam(
  db: Database,
  competitionId: number,
  userId: number,
  kind: string,
  pseudonym: string,
): Promise<number | undefined> {
  return await transaction(db.pool, async (client) => {
    // One new team of a person at a time; held until the transaction ends.
    await client.query('select pg_advisory_xact_lock($1, $2)', [competitionId, userId]);
    const member = await maybeRow(
      client,
      TeamId,
      'select team_id as id from team_member where competition_id = $1 and user_id = $2',
      [competitionId, userId],
    );
    if (member) return member.id;
    const team = await maybeRow(
      client,
      TeamId,
      `insert into team (competition_id, kind, pseudonym) values ($1, $2::team_kind, $3)
       on conflict (competition_id, pseudonym) do nothing returning id`,
      [competitionId, kind, pseudonym],
    );
    if (!team) return undefined;
    await client.query('insert into team_member (competition_id, user_id, team_id) values ($1, $2, $3)', [
      competitionId,
      userId,
      team.id,
    ]);
    return team.id;
  });
}

/** The line of a baseline, by its title. */
export async function ensureBaseline(
  { pool }: Database,
  competitionId: number,
  title: string,
): Promise<number | undefined> {
  await pool.query(
    `insert into team (competition_id, kind, pseudonym) values ($1, 'baseline', $2) on conflict (competition_id, pseudonym) do nothing`,
    [competitionId, title],
  );
  const Row = z.object({ id: z.number().int(), kind: z.string() });
  const team = await oneRow(pool, Row, 'select id, kind from team where competition_id = $1 and pseudonym = $2', [
    competitionId,
    title,
  ]);
  return team.kind === 'baseline' ? team.id : undefined;
}
