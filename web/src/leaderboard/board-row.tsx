import { Link } from '@tanstack/react-router';
import type { LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { formatWhole } from '../format/number.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { ScoreValue } from '../ui/score-value.tsx';
import classes from './board-table.module.css';
import type { Move } from './movement.ts';
import { RankChange } from './rank-change.tsx';
import { type Span, Whisker } from './whisker.tsx';

interface Props {
  readonly row: LeaderboardRow;
  /** From 0, of all rows. */
  readonly index: number;
  readonly mine: boolean;
  /** The last change of my own rank. */
  readonly move: Move | undefined;
  /** Set for a short while after the row rose. */
  readonly moved: Move | undefined;
  readonly primary: string;
  readonly columns: readonly string[];
  readonly others: readonly string[];
  readonly span: Span | undefined;
}

export function BoardRow({ row, index, mine, move, moved, primary, columns, others, span }: Props) {
  const score = row.scores[primary];
  return (
    <tr
      aria-rowindex={index + 2}
      data-mine={mine || undefined}
      data-baseline={row.baseline || undefined}
      data-moved={moved === undefined ? undefined : true}
    >
      <td className={`num ${classes.rank}`}>
        {row.rank === null ? <span className="dim">–</span> : formatWhole(row.rank)}
        {row.rank === null || row.publicRank === undefined ? null : (
          <RankChange rank={row.rank} publicRank={row.publicRank} />
        )}
        {moved === undefined ? null : (
          <span className={classes.up}>{moved.from === null ? 'new' : `▲${moved.from - moved.to}`}</span>
        )}
      </td>
      <th scope="row" className={classes.team}>
        <TeamName row={row} />
        {mine ? (
          <span className={classes.tag}>
            you{move === undefined || move.from === null ? '' : `, ${move.from} → ${move.to}`}
          </span>
        ) : null}
        {row.baseline ? <span className={classes.tag}>baseline</span> : null}
        <span className={columns.length === 0 ? classes.othersAlways : classes.othersNarrow}>
          {others.map((metric) => {
            const other = row.scores[metric];
            return other === undefined ? null : (
              <span key={metric} className={classes.chip}>
                <span className="mono dim">{metric}</span> <ScoreValue score={other} />
              </span>
            );
          })}
        </span>
      </th>
      <td className={`num ${classes.value}`}>{score === undefined ? '–' : <ScoreValue score={score} strong />}</td>
      <td className={classes.whisker}>
        {score === undefined || span === undefined ? null : <Whisker score={score} span={span} />}
      </td>
      {columns.map((metric) => {
        const other = row.scores[metric];
        return (
          <td key={metric} className={`num ${classes.other}`}>
            {other === undefined ? '–' : <ScoreValue score={other} interval />}
          </td>
        );
      })}
    </tr>
  );
}

/** Staff see who it is, and reach the submission that counts. */
function TeamName({ row }: { row: LeaderboardRow }) {
  const { competition, phaseSlug } = useCompetition();
  const names = row.members?.map((member) => member.name).join(', ');
  const text = names === undefined || names === '' ? row.name : names;
  return (
    <span className={classes.name} title={row.members?.map((member) => member.email).join(', ')}>
      {row.submissionId === undefined ? (
        text
      ) : (
        <Link
          to="/competitions/$slug/submissions/$id"
          params={{ slug: competition.slug, id: String(row.submissionId) }}
          search={{ phase: phaseSlug }}
        >
          {text}
        </Link>
      )}
      {text === row.name ? null : <span className={classes.pseudonym}>{row.name}</span>}
      {row.shownNames === undefined || row.members !== undefined ? null : (
        <span className={classes.pseudonym}>{row.shownNames.join(', ')}</span>
      )}
    </span>
  );
}
