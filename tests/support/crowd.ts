import { z } from 'zod';
import { oneRow } from '../../core/db/sql.ts';
import type { Database } from '../../core/db/open.ts';
import { keepAllStandings } from '../../core/submissions/standing.ts';

const Ids = z.object({ phaseId: z.number().int(), competitionId: z.number().int(), userId: z.number().int() });

/**
 * Fills a competition's board as if many teams had been at it for days: each has one submission a day, the last of them today, scored and a little
 * better than the one before. Team `n` is named `Brisk Crowd n`; nobody is in it.
 */
export async function seedCrowd(
  { pool }: Database,
  slug: string,
  { teams, days = 5, metrics = ['top1', 'top5'] }: { teams: number; days?: number; metrics?: readonly string[] },
): Promise<void> {
  const { phaseId, competitionId, userId } = await oneRow(
    pool,
    Ids,
    `select phase.id as "phaseId", competition_id as "competitionId", (select min(id) from "user") as "userId"
     from phase join competition on competition.id = phase.competition_id
     where competition.slug = $1 order by phase.position limit 1`,
    [slug],
  );
  await pool.query(
    `insert into team (competition_id, pseudonym) select $1, 'Brisk Crowd ' || n from generate_series(1, $2::int) n`,
    [competitionId, teams],
  );
  await pool.query(
    `insert into submission (phase_id, team_id, user_id, file_name, file_hash, file_bytes, received_at, state, priority, attempt, finished_at,
                             public_value, private_value, scores)
     select $2, team.id, $4, 'predictions.csv', repeat('0', 64), 16780, now() - ($3 - day) * interval '1 day', 'scored', 1, 1, now(),
            public_hits / 358.0, private_hits / 439.0,
            jsonb_build_object('public', (select jsonb_object_agg(name, score(public_hits, 358)) from unnest($5::text[]) name),
                               'private', (select jsonb_object_agg(name, score(private_hits, 439)) from unnest($5::text[]) name))
     from team
     cross join generate_series(1, $3::int) day
     cross join lateral (select substring(pseudonym from '[0-9]+$')::int as n) named
     cross join lateral (
       select 120 + (n * 37 % 180) + day * (n * 13 % 7) as public_hits, 150 + (n * 41 % 220) + day * (n * 13 % 7) as private_hits
     ) drawn
     where team.competition_id = $1 and pseudonym like 'Brisk Crowd %'`.replaceAll(
      /score\((\w+), (\d+)\)/g,
      `jsonb_build_object('value', $1 / $2.0::float8, 'rows', $2, 'hits', $1, 'low', $1 / $2.0::float8 * 0.94, 'high', $1 / $2.0::float8 * 1.03)`,
    ),
    [competitionId, phaseId, days, userId, metrics],
  );
  await pool.query(keepAllStandings, [phaseId]);
}
