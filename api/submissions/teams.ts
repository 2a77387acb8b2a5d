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
  return await transaction(db.pool, async (client) => {
    // Not while teams are changed, and one new team of a person at a time; held until the transaction ends.
    await client.query('select pg_advisory_xact_lock_shared($1, 0)', [competitionId]);
    await client.query('select pg_advisory_xact_lock($1, $2)', [competitionId, userId]);
    return await ensureTeamIn(client, competitionId, userId, kind);
  });
}

/** As `ensureTeam`, in a transaction that holds `lockMemberships`. */
export async function ensureTeamIn(
  client: Queryable,
  competitionId: number,
  userId: number,
  kind: PersonalKind,
): Promise<number> {
  const known = await findTeamOfKind(client, competitionId, userId, kind);
  return known ?? (await enterTeam(client, competitionId, userId, kind));
}

/** Keeps all other changes of who is in which team of a competition away, new teams included, until the transaction ends. Before any team is locked. */
export async function lockMemberships(client: Queryable, competitionId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, 0)', [competitionId]);
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

/** Where they are in a team of the other kind, that one is kept for them, and the one that was kept is theirs again. */
async function enterTeam(
  client: Queryable,
  competitionId: number,
  userId: number,
  kind: PersonalKind,
): Promise<number> {
  const kept = await maybeRow(
    client,
    TeamId,
    `select team.id
     from team_member
     join team on team.id = team_member.kept_team_id
     where team_member.competition_id = $1 and team_member.user_id = $2 and team.kind = $3::team_kind`,
    [competitionId, userId, kind],
  );
  const teamId = kept?.id ?? (await insertTeam(client, competitionId, kind));
  await client.query(
    `insert into team_member (competition_id, user_id, team_id) values ($1, $2, $3)
     on conflict (competition_id, user_id) do update set team_id = excluded.team_id, kept_team_id = team_member.team_id`,
    [competitionId, userId, teamId],
  );
  return teamId;
}

/** A new team with nobody in it, under a pseudonym that is free. */
export async function insertTeam(client: Queryable, competitionId: number, kind: PersonalKind): Promise<number> {
  for (let tries = 0; ; tries++) {
    // Where most pairs of words are taken, a number makes room.
    const suffix = tries < 10 ? '' : ` ${randomInt(2, 10_000)}`;
    const made = await maybeRow(
      client,
      TeamId,
      `insert into team (competition_id, kind, pseudonym) values ($1, $2::team_kind, $3)
       on conflict (competition_id, pseudonym) do nothing returning id`,
      [competitionId, kind, pseudonymAt(randomInt(pseudonymCount)) + suffix],
    );
    if (made) return made.id;
  }
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
