import type { WorkerState } from '../../../core/contract/operations.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Ago } from '../ui/instant.tsx';
import classes from './operations.module.css';
import { needsWords } from './words.ts';

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The workers that were seen within a day, with their GPUs. */
export function Workers({ workers }: { workers: readonly WorkerState[] }) {
  return (
    <section className="card stack" aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      {workers.length === 0 ? (
        <EmptyState title="No worker was seen within a day">
          <p>Start one: without it nothing is graded.</p>
        </EmptyState>
      ) : null}
      <ul className={classes.list}>
        {workers.map((worker) => (
          <WorkerLine key={worker.name} worker={worker} />
        ))}
      </ul>
    </section>
  );
}

function WorkerLine({ worker: { name, alive, seenAt, startedAt, info } }: { worker: WorkerState }) {
  return (
    <li className={classes.item}>
      <p>
        <strong>{name}</strong>{' '}
        {alive ? (
          <span className="dim">
            started <Ago at={startedAt} timeZone={timeZone} />
          </span>
        ) : (
          <span className={classes.bad}>
            last seen <Ago at={seenAt} timeZone={timeZone} />
          </span>
        )}
      </p>
      {info === null ? (
        <p className="dim">It is of another version of Topk.</p>
      ) : (
        <>
          <p className="dim num">
            {info.queues.map((needs) => `${needsWords[needs]} ${info.slots[needs]}`).join(', ') || 'serves no queue'};
            sandbox {info.sandbox.kind === 'ready' ? info.sandbox.runtime : `${info.sandbox.kind}: ${info.sandbox.why}`}
            ; Topk {info.version}, Node {info.node}
          </p>
          {info.gpus.length === 0 ? null : (
            <ul className={classes.gpus}>
              {info.gpus.map((gpu) => (
                <li key={gpu.id} className={gpu.state === 'drained' ? classes.bad : undefined}>
                  {gpu.name} <span className="mono">{gpu.id}</span>: {gpu.state}
                  {gpu.reason === undefined ? null : `, ${gpu.reason}`}
                  {gpu.memoryMiB === undefined ? null : `, ${Math.round(gpu.memoryMiB / 1024)} GiB`}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </li>
  );
}
