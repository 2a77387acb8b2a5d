import type { BoardHistory } from '../../core/contract/board-history.ts';
import type { History } from './history.ts';
import { rounded } from './rounded.ts';
import type { BoardRow, Snapshot } from './snapshot.ts';

interface Shown {
  readonly history: History;
  readonly snapshot: Snapshot;
  /** How many of the first teams. */
  readonly first: number;
  readonly myTeamId: number | undefined;
  /** Whether a board of so many teams is shown. */
  readonly isCrowd: (teams: number) => boolean;
}

const maxBaselines = 20;

/**
 * Of the history of a board what its reader may see: the days on which the board was shown, and under their present names the first teams of
 * today's board, the reader's own and the baselines.
 */
export function historyView({
  history,
  snapshot,
  first,
  myTeamId,
  isCrowd,
}: Shown): Pick<BoardHistory, 'days' | 'courses'> {
  const days = history.days.flatMap(({ day, rankedTeams }, index) => (isCrowd(rankedTeams) ? [{ day, index }] : []));
  const teams = snapshot.rows.filter((row) => !row.baseline);
  const drawn = [
    ...teams.filter((row, index) => index < first || row.teamId === myTeamId),
    ...snapshot.rows.filter((row) => row.baseline).slice(0, maxBaselines),
  ];
  const courseOf = ({ teamId, name, baseline }: BoardRow): BoardHistory['courses'][number] => {
    const course = history.teams.get(teamId);
    const points = days.flatMap(({ day, index }) => {
      const [rank, value] = [course?.ranks[index], course?.values[index]];
      if (rank === undefined || value === undefined || Number.isNaN(value)) return [];
      return [{ day, rank: baseline ? null : rank, value: rounded(value) }];
    });
    return { name, baseline, mine: teamId === myTeamId, days: points };
  };
  return { days: days.map(({ day }) => day), courses: drawn.map(courseOf) };
}
