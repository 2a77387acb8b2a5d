import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LeaderboardRow } from '../../core/contract/leaderboard.ts';
import { BoardScores, type Board } from '../../core/contract/scores.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { counted } from '../../core/submissions/counted.ts';
import { rowFor, type Audience } from './audience.ts';

/** A board as it stood at one moment, in order, ready to be cut into pages. */
export interface Snapshot {
  /**
   * Of what each audience sees: the same in every api process. One version for all would name the hidden part too, and whoever has the roster
   * could try names, ids and times until the version fits.
   */
  readonly versions: Readonly<Record<Audience, string>>;
  readonly rows: readonly BoardRow[];
  readonly rankedTeams: number;
  readonly teamOfUser: ReadonlyMap<number, number>;
  readonly rowOfTeam: ReadonlyMap<number, BoardRow>;
}

export interface WhichBoard {
  readonly phaseId: number;
  readonly board: Board;
  /** Undefined: of the whole phase. */
  readonly part: string | undefined;
}

export interface BoardRow extends LeaderboardRow {
  readonly teamId: number;
  /** Of the public board, whose scores classmates see rounded. */
  readonly isPublic: boolean;
}

const Row = z.object({
  teamId: z.number().int(),
  pseudonym: z.string(),
  kind: z.enum(['students', 'baseline']),
  value: z.number(),
  receivedAt: z.date(),
  submissionId: z.number().int(),
  scores: BoardScores,
});
const Membership = z.object({
  teamId: z.number().int(),
  userId: z.number().int(),
  name: z.string(),
  email: z.string(),
  showName: z.boolean(),
});

/**
 * Reads a phase's board: the kept standings, best first, then the earlier submission. Baselines stand in the order but take no rank. What it is sorted by
 * is not what is shown: where a lower value is better, the kept one is its negative.
 */
export async function readSnapshot(db: Queryable, { phaseId, board, part }: WhichBoard): Promise<Snapshot> {
  const [standings, memberships] = await Promise.all([
    rows(
      db,
      Row,
      `with ${part === undefined ? keptStandings : standingsInPart}
       select team.id as "teamId",
              team.pseudonym,
              team.kind::text,
              coalesce((submission.scores -> $2 -> competition.metrics[1] ->> 'value')::float8, standing.value) as value,
              standing.received_at as "receivedAt",
              standing.submission_id as "submissionId",
              submission.scores -> $2 as scores
       from standing
       join team on team.id = standing.team_id
       join submission on submission.id = standing.submission_id
       join phase on phase.id = $1
       join competition on competition.id = phase.competition_id
       where standing.board = $2::board and team.kind <> 'staff'
       order by standing.value desc, standing.received_at, standing.submission_id`,
      part === undefined ? [phaseId, board] : [phaseId, board, part],
    ),
    rows(
      db,
      Membership,
      `select team_member.team_id as "teamId", team_member.user_id as "userId", "user".name, "user".email, team_member.show_name as "showName"
       from phase
       join team_member on team_member.competition_id = phase.competition_id
       join "user" on "user".id = team_member.user_id
       where phase.id = $1
       order by "user".name, "user".id`,
      [phaseId],
    ),
  ]);
  const members = Map.groupBy(memberships, (entry) => entry.teamId);
  let rank = 0;
  const ranked = standings.map((row): BoardRow => ({
    rank: row.kind === 'baseline' ? null : ++rank,
    name: row.pseudonym,
    baseline: row.kind === 'baseline',
    value: row.value,
    scores: row.scores,
    ...shownNames(members.get(row.teamId) ?? []),
    members: (members.get(row.teamId) ?? []).map(({ name, email }) => ({ name, email })),
    submissionId: row.submissionId,
    submittedAt: row.receivedAt.toISOString(),
    teamId: row.teamId,
    isPublic: board === 'public',
  }));
  return {
    versions: {
      classmates: versionOf(ranked.map((row) => rowFor('classmates', row))),
      staff: versionOf(ranked),
    },
    rows: ranked,
    rankedTeams: rank,
    teamOfUser: new Map(memberships.map(({ userId, teamId }) => [userId, teamId])),
    rowOfTeam: new Map(ranked.map((row) => [row.teamId, row])),
  };
}

/** Of those who chose to be known to their classmates; nothing where nobody did. */
function shownNames(team: readonly z.infer<typeof Membership>[]): Pick<LeaderboardRow, 'shownNames'> {
  const names = team.filter(({ showName }) => showName).map(({ name }) => name);
  return names.length === 0 ? {} : { shownNames: names };
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

function versionOf(shown: readonly LeaderboardRow[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22);
}
