import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LeaderboardRow } from '../../core/contract/leaderboard.ts';
import type { Board } from '../../core/contract/scores.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { readRanked, type RankedRow } from '../../core/final-standing/ranked.ts';
import { readFinal } from '../../core/final-standing/read.ts';
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

/** Which standing of a phase is meant. final: the private board as it was frozen; until then, as it stands. */
export type BoardName = Board | 'final';

export interface WhichBoard {
  readonly phaseId: number;
  readonly board: BoardName;
  /** Undefined: of the whole phase. */
  readonly part: string | undefined;
}

export interface BoardRow extends LeaderboardRow {
  readonly teamId: number;
  /** Of the public board, whose scores classmates see rounded. */
  readonly isPublic: boolean;
}

const Membership = z.object({
  teamId: z.number().int(),
  userId: z.number().int(),
  name: z.string(),
  email: z.string(),
  showName: z.boolean(),
});

/** Reads a board of a phase or of a part of it. */
export async function readSnapshot(db: Queryable, { phaseId, board, part }: WhichBoard): Promise<Snapshot> {
  const [standings, memberships] = await Promise.all([
    readStandings(db, { phaseId, board, part }),
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
  const ranked = standings.map(({ pseudonym, kind, receivedAt, publicRank, ...row }): BoardRow => ({
    ...row,
    name: pseudonym,
    baseline: kind === 'baseline',
    ...(board !== 'public' && { publicRank }),
    ...shownNames(members.get(row.teamId) ?? []),
    members: (members.get(row.teamId) ?? []).map(({ name, email }) => ({ name, email })),
    submittedAt: receivedAt.toISOString(),
    isPublic: board === 'public',
  }));
  return {
    versions: {
      classmates: versionOf(ranked.map((row) => rowFor('classmates', row))),
      staff: versionOf(ranked),
    },
    rows: ranked,
    rankedTeams: ranked.filter((row) => !row.baseline).length,
    teamOfUser: new Map(memberships.map(({ userId, teamId }) => [userId, teamId])),
    rowOfTeam: new Map(ranked.map((row) => [row.teamId, row])),
  };
}

/** Of those who chose to be known to their classmates; nothing where nobody did. */
function shownNames(team: readonly z.infer<typeof Membership>[]): Pick<LeaderboardRow, 'shownNames'> {
  const names = team.filter(({ showName }) => showName).map(({ name }) => name);
  return names.length === 0 ? {} : { shownNames: names };
}

async function readStandings(db: Queryable, { phaseId, board, part }: WhichBoard): Promise<RankedRow[]> {
  if (board !== 'final') return await readRanked(db, { phaseId, board, part });
  const final = await readFinal(db, phaseId);
  if (!final) return await readRanked(db, { phaseId, board: 'private' });
  return final.places.map(({ row: { name, baseline, ...row }, teamId, submissionId, receivedAt }) => ({
    ...row,
    pseudonym: name,
    kind: baseline ? 'baseline' : 'students',
    teamId,
    submissionId,
    receivedAt,
  }));
}

function versionOf(shown: readonly LeaderboardRow[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22);
}
