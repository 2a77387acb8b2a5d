import type { KeyMove } from '../../../core/contract/key-previews.ts';
import { formatValue } from '../format/number.ts';
import classes from './scoring.module.css';

/** Where each team stands, and where it would; who moves is set in bold. */
export function MovesTable({ title, moves }: { title: string; moves: readonly KeyMove[] }) {
  if (moves.length === 0) return <p className="dim">{title}: nobody is on it.</p>;
  return (
    // It scrolls sideways where it is wide, by keyboard too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} role="region" aria-label={title} tabIndex={0}>
      <table className={classes.table}>
        <caption className="label">{title}</caption>
        <thead>
          <tr className="label">
            <th scope="col">Team</th>
            <th scope="col">Rank now</th>
            <th scope="col">then</th>
            <th scope="col">Score now</th>
            <th scope="col">then</th>
          </tr>
        </thead>
        <tbody>
          {moves.map(({ team, baseline, members, before, after }) => (
            <tr key={team} data-moved={before?.rank !== after?.rank || undefined}>
              <td>
                {baseline ? `${team} (baseline)` : team}{' '}
                <span className="dim">{members.map(({ name }) => name).join(', ')}</span>
              </td>
              <td className="num">{before?.rank ?? '–'}</td>
              <td className="num">{after?.rank ?? '–'}</td>
              <td className="num">{before === null ? '–' : formatValue(before.value)}</td>
              <td className="num">{after === null ? '–' : formatValue(after.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
