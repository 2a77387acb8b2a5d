import { z } from 'zod';
import { BoardScores, type Board } from '../contract/scores.ts';
import { rows, type Queryable } from '../db/sql.ts';
import { counted } from '../submissions/counted.ts';

export const RankedRow = z.object({
  /** Null for a baseline: it stands in the order, and takes no rank. */
  rank: z.number().int().nullable(),
  /** Of the private board: the team's rank on the public one; null for a baseline, and for who has none there. */
  publicRank: z.number().int().nullable(),
  teamId: z.number().int(),
  pseudonym: z.string(),
  kind: z.enum(['students', 'baseline']),
  value: z.number(),
  receivedAt: z.date(),
  submissionId: z.number().int(),
  scores: BoardScores,
});
export type RankedRow = z.infer<typeof RankedRow>;

interface Which {
  readonly phaseId: number;
  readonly board: Board;
  /** Undefined: of the whole phase. */
  readonly part?: string | undefined;
}

/**
 * A board as it stands: the kept standings, best first, then the earlier submission. What it is sorted by is not what is shown: where a
 * lower value is better, the kept one is its negative.
 */
export async function readRanked(db: Queryable, { phaseId, board, part }: Which): Promise<RankedRow[]> {
  return await rows(
    db,
    RankedRow,
    `with ${part === undefined ? keptStandings : standingsInPart},
     public_board as (
       select standing.team_id, row_number() over (order by value desc, received_at, submission_id) as rank
       from standing
       join team on team.id = standing.team_id
       where standing.board = 'public' and team.kind = 'students' and $2::text = 'private'
     )
     select case when team.kind = 'students' then
              row_number() over (partition by team.kind order by standing.value desc, standing.received_at, standing.submission_id)::int
            end as rank,
            public_board.rank::int as "publicRank",
            team.id as "teamId",
            team.pseudonym,
            team.kind::text,
            coalesce((submission.scores -> $2::text -> competition.metrics[1] ->> 'value')::float8, standing.value) as value,
            standing.received_at as "receivedAt",
            standing.submission_id as "submissionId",
            submission.scores -> $2::text as scores
     from standing
     join team on team.id = standing.team_id
     join submission on submission.id = standing.submission_id
     join phase on phase.id = $1
     join competition on competition.id = phase.competition_id
     left join public_board on public_board.team_id = standing.team_id
     where standing.board = $2::text::board and team.kind <> 'staff'
     order by standing.value desc, standing.received_at, standing.submission_id`,
    part === undefined ? [phaseId, board] : [phaseId, board, part],
  );
}

const keptStandings = `standing as (select * from standing where phase_id = $1)`;

/** Derived each time a board is read, by the statement that keeps the others. */
const standingsInPart = `
  ${counted(`
    select id, team_id, received_at, public_value, private_value, selected_at is not null as selected
    from submission
    where phase_id = $1
      and part = $3
      and disqualified_at is null
      and (public_value is not null or private_value is not null)`)},
  standing as (
    select board, team_id, id as submission_id, value, received_at from counted
  )`;
