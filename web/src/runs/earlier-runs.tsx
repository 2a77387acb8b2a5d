import { getRunNotebook, getRunOutput, type Run } from '../../../core/contract/runs.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { urlOf } from '../api/call.ts';
import { formatDuration } from '../format/time.ts';
import { Ago } from '../ui/instant.tsx';
import { RunAsItWas } from './run-as-it-was.tsx';
import classes from './runs.module.css';
import { endOf, secondsBetween } from './stages.ts';
import { logUrl } from './use-run-log.ts';

/** The attempts before the newest, with what became of each. */
export function EarlierRuns({
  submission,
  runs,
  timeZone,
}: {
  submission: Submission;
  runs: readonly Run[];
  timeZone: string;
}) {
  return (
    <ol className={classes.earlier}>
      {runs.map((run) => {
        const params = { id: submission.id, attempt: run.attempt };
        const took = secondsBetween(run.startedAt, run.exitedAt);
        return (
          <li key={run.attempt} className={classes.earlierRun}>
            <span className="num">
              <strong>Run {run.attempt}</strong>
              {run.verifying ? ' (to verify)' : ''}
            </span>
            <span>
              {endOf(run)}
              {run.fault === undefined ? null : <span className="dim"> ({run.fault})</span>}
            </span>
            <span className="dim num">
              <Ago at={run.claimedAt} timeZone={timeZone} />
              {took === undefined ? '' : `, ${formatDuration(took)}`}
            </span>
            <span className="row">
              {run.log === undefined ? null : <a href={logUrl(submission.id, run)}>Log</a>}
              {run.output === undefined ? null : (
                <a href={urlOf(getRunOutput, { params })} download>
                  Predictions
                </a>
              )}
              {run.notebook === undefined ? null : (
                <a href={urlOf(getRunNotebook, { params })} download>
                  Notebook
                </a>
              )}
              <RunAsItWas submission={submission} run={run} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
