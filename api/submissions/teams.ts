import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { maybeRow, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
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

type PersonalKind = 'students' | 'staff';

/**
 * The team that a person submits with: a student without one becomes a team of one, staff a team that is on no board. Two requests at once find
 * the same team. Whose role has changed goes on with a team of the other kind, and finds an earlier one again: what staff tried, with private
 * scores in sight, never counts, and a student's limits don't begin anew.
 */
export async function ensureTeam(
  db: Database,
  competitionId: number,
  userId: number,
  kind: PersonalKind,
): Promise<number> {
  const known = await findTeamOfKind(db.pool, competitionId, userId, kind);
  if (known !== undefined) return known;
  for (let tries = 0; ; tries++) {
    // Where most pairs of words are taken, a number makes room.
    const suffix = tries < 10 ? '' : ` ${randomInt(2, 10_000)}`;
    const made = await tryJoinTeam(db, competitionId, userId, kind, pseudonymAt(randomInt(pseudonymCount)) + suffix);
    if (made !== undefined) return made;
  }
}

async function findTeamOfKind(
  db: Queryable,
  competitionId: number,
  userId: number,
  kind: PersonalKind,
): Promise<number | undefined> {
  const row = await maybeRow(
    db,
    TeamId,
    `select team.id
     from team_member
     join team on team.id = team_member.team_id
     where team_member.competition_id = $1 and team_member.user_id = $2 and team.kind = $3::team_kind`,
    [competitionId, userId, kind],
  );
  return row?.id;
}

/** Undefined where the pseudonym is taken; nothing is left behind then. */
async function tryJoinTeam(
  db: Database,
  competitionId: number,
  userId: number,
  kind: PersonalKind,
  pseudonym: string,
): Promise<number | undefined> {
  return await transaction(db.pool, async (client) => {
    // One new team of a person at a time; held until the transaction ends.
    await client.query('select pg_advisory_xact_lock($1, $2)', [competitionId, userId]);
    const known = await findTeamOfKind(client, competitionId, userId, kind);
    if (known !== undefined) return known;
    const team =
      (await findEarlierTeam(client, competitionId, userId, kind)) ??
      (await maybeRow(
        client,
        TeamId,
        `insert into team (competition_id, kind, pseudonym) values ($1, $2::team_kind, $3)
         on conflict (competition_id, pseudonym) do nothing returning id`,
        [competitionId, kind, pseudonym],
      ));
    if (!team) return undefined;
    await client.query(
      `insert into team_member (competition_id, user_id, team_id) values ($1, $2, $3)
       on conflict (competition_id, user_id) do update set team_id = excluded.team_id`,
      [competitionId, userId, team.id],
    );
    return team.id;
  });
}

/** The team of this kind that a person last submitted with. */
async function findEarlierTeam(client: Queryable, competitionId: number, userId: number, kind: PersonalKind) {
  return await maybeRow(
    client,
    TeamId,
    `select team.id
     from submission
     join team on team.id = submission.team_id
     where submission.user_id = $2 and team.competition_id = $1 and team.kind = $3::team_kind
     order by submission.id desc
     limit 1`,
    [competitionId, userId, kind],
  );
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
