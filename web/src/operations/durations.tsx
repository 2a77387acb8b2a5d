import type { StageDurations } from '../../../core/contract/operations.ts';
import { formatDuration } from '../format/time.ts';
import classes from './operations.module.css';
import { needsWords } from './words.ts';

const stages = [
  { key: 'waiting', name: 'Waiting' },
  { key: 'grading', name: 'Grading' },
  { key: 'preparing', name: 'Preparing' },
  { key: 'running', name: 'Program' },
  { key: 'scoring', name: 'Scoring' },
] as const;

/** How long the stages took of what has finished within a day. */
export function Durations({ durations }: { durations: readonly StageDurations[] }) {
  return (
    <section className="card" aria-labelledby="durations">
      <h2 id="durations">Durations of the last 24 hours</h2>
      {durations.length === 0 ? (
        <p className="dim">Nothing has finished.</p>
      ) : (
        <>
          <p className="dim">The median, and what 95 of 100 stay within.</p>
          <div className={classes.scroll}>
            <table className={classes.table}>
              <thead>
                <tr className="label">
                  <th scope="col">Queue</th>
                  <th scope="col">Finished</th>
                  <th scope="col">Failed</th>
                  {stages.map(({ key, name }) => (
                    <th key={key} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="num">
                {durations.map((row) => (
                  <tr key={row.needs}>
                    <th scope="row">{needsWords[row.needs]}</th>
                    <td>{row.finished}</td>
                    <td>{row.failed}</td>
                    {stages.map(({ key }) => (
                      <td key={key}>{inWords(row[key])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function inWords(seconds: StageDurations['waiting']): string {
  return seconds === null ? '–' : `${formatDuration(seconds.half)} · ${formatDuration(seconds.most)}`;
}
