import type { QueueState } from '../../../core/contract/operations.ts';
import { formatDuration } from '../format/time.ts';
import classes from './operations.module.css';
import { needsWords } from './words.ts';

/** What waits for what. */
export function Queues({ queues }: { queues: readonly QueueState[] }) {
  return (
    <section className="card" aria-labelledby="queues">
      <h2 id="queues">Queues</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr className="label">
              <th scope="col">Queue</th>
              <th scope="col">Waiting</th>
              <th scope="col">Oldest</th>
              <th scope="col">Running</th>
              <th scope="col">Slots</th>
            </tr>
          </thead>
          <tbody className="num">
            {queues.map(({ needs, waiting, oldestWaitingSeconds, running, slots, withoutImage }) => (
              <tr key={needs}>
                <th scope="row">{needsWords[needs]}</th>
                <td>
                  {waiting}
                  {withoutImage === 0 ? null : <span className="dim"> ({withoutImage} without an image)</span>}
                </td>
                <td>{oldestWaitingSeconds === null ? '–' : formatDuration(oldestWaitingSeconds)}</td>
                <td>{running}</td>
                <td>{slots}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
