import { Progress } from '@mantine/core';
import type { Run } from '../../../core/contract/runs.ts';
import { formatClock } from '../format/time.ts';
import classes from './runs.module.css';
import { useElapsed } from './use-elapsed.ts';

/** The time that the program has run, against its limit. Nothing while it does not run. */
export function RunProgress({ run }: { run: Run }) {
  const elapsed = useElapsed(run);
  if (elapsed === undefined) return null;
  const limit = run.limits.wallSeconds;
  const share = Math.min(1, elapsed / limit);
  return (
    <div className={classes.progress}>
      <Progress.Root size="md">
        <Progress.Section
          value={share * 100}
          {...(share > 0.9 ? { color: 'red.7' } : {})}
          aria-label="Time used"
          aria-valuetext={`${formatClock(elapsed)} of ${formatClock(limit)}`}
        />
      </Progress.Root>
      <p className="num" data-testid="elapsed">
        <strong>{formatClock(elapsed)}</strong> <span className="dim">of {formatClock(limit)}</span>
      </p>
    </div>
  );
}
