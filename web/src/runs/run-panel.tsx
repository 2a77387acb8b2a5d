import { Skeleton } from '@mantine/core';
import type { Run } from '../../../core/contract/runs.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { EarlierRuns } from './earlier-runs.tsx';
import type { LogFeed } from './log-feed.ts';
import { LogView } from './log-view.tsx';
import { RunAsItWas } from './run-as-it-was.tsx';
import { RunDownloads } from './run-downloads.tsx';
import { Provenance, UsedFacts } from './run-facts.tsx';
import { RunProgress } from './run-progress.tsx';
import classes from './runs.module.css';
import { StageSteps } from './stage-steps.tsx';
import { stagesOf } from './stages.ts';
import { UsageCharts } from './usage-charts.tsx';
import { useRunLog, logUrl } from './use-run-log.ts';
import { useRuns } from './use-runs.ts';

/** A submission's code on its way: stages, time, use and log while it runs; afterwards what became of it and all that it left. */
export function RunPanel({ submission, timeZone }: { submission: Submission; timeZone: string }) {
  const { query, run, earlier, log } = useRuns(submission);
  // Its predictions came with it, so it was scored without a run.
  const neverRan = submission.claimed !== undefined && run === undefined && submission.state !== 'running';
  return (
    <>
      {query.isError ? <Failure error={query.error} title="The runs could not be loaded" /> : null}
      {neverRan ? null : <StageSteps stages={stagesOf(submission, run)} />}
      {query.isPending ? <Skeleton height={220} /> : null}
      {run === undefined ? null : (
        <>
          <RunProgress run={run} />
          <RunEnd submission={submission} run={run} />
          <UsageCharts run={run} />
          {run.stage === 'ended' ? <UsedFacts run={run} /> : null}
          <RunLog submissionId={submission.id} run={run} live={log} />
          <RunDownloads submission={submission} run={run} />
          <details className={classes.more}>
            <summary>How it was run</summary>
            <Provenance run={run} timeZone={timeZone} />
            <RunAsItWas submission={submission} run={run} />
          </details>
        </>
      )}
      {earlier.length === 0 ? null : (
        <details className={classes.more}>
          <summary>Earlier runs</summary>
          <EarlierRuns submission={submission} runs={earlier} timeZone={timeZone} />
        </details>
      )}
    </>
  );
}

/** The sentence of what happened, where the submission itself does not say it already; and for staff what broke. */
function RunEnd({ submission, run }: { submission: Submission; run: Run }) {
  const told =
    run.sentence === undefined || run.sentence === submission.reason || submission.notices.includes(run.sentence);
  return (
    <>
      {told ? null : <Notice tone={submission.state === 'scored' ? 'plain' : 'signal'} title={run.sentence ?? ''} />}
      {run.fault === undefined || run.fault === submission.fault ? null : (
        <Notice tone="signal" title="What broke (for staff)">
          <code>{run.fault}</code>
        </Notice>
      )}
    </>
  );
}

/** While it runs as it is told; once it has ended as it was kept, as soon as that is here. */
function RunLog({ submissionId, run, live }: { submissionId: number; run: Run; live: LogFeed }) {
  const ended = run.stage === 'ended';
  const kept = useRunLog(submissionId, ended ? run : undefined);
  const reading = ended && run.log !== undefined && kept.feed === undefined && kept.error === undefined;
  return (
    <section aria-label="What it printed">
      {kept.error === undefined ? null : <Failure error={kept.error} title="The log could not be loaded" />}
      <LogView
        feed={kept.feed ?? live}
        live={!ended}
        empty={reading ? 'Loading the log…' : ended ? noLog(run) : 'Nothing is printed yet.'}
        wholeUrl={run.log === undefined ? undefined : logUrl(submissionId, run)}
      />
    </section>
  );
}

function noLog({ startedAt, log }: Run): string {
  if (startedAt === undefined) return 'The program was not started.';
  return log === undefined ? 'There is no log to show of this run.' : 'The program printed nothing.';
}
