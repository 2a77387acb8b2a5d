import type { RunSummary } from '../../../core/contract/runs.ts';
import { formatClock } from '../format/time.ts';
import { useElapsed } from '../runs/use-elapsed.ts';

const noSamples: readonly [] = [];

/** How long a program has run, and may. */
export function RunningFor({ run }: { run: RunSummary }) {
  const elapsed = useElapsed({ ...run, samples: noSamples });
  if (elapsed === undefined) return <span>{run.stage}</span>;
  return (
    <span className="num">
      {formatClock(elapsed)} of {formatClock(run.limits.wallSeconds)}
    </span>
  );
}
