import { formatDuration } from '../format/time.ts';
import type { Stage } from './stages.ts';
import classes from './runs.module.css';

const words: Record<Stage['name'], { readonly now: string; readonly passed: string }> = {
  received: { now: 'Waiting', passed: 'Received' },
  preparing: { now: 'Preparing', passed: 'Prepared' },
  running: { now: 'Running', passed: 'Ran' },
  scoring: { now: 'Scoring', passed: 'Scored' },
  done: { now: 'Done', passed: 'Done' },
};

const stopped: Record<Stage['name'], string> = {
  received: 'Stopped waiting',
  preparing: 'Stopped preparing',
  running: 'Stopped running',
  scoring: 'Stopped scoring',
  done: 'Done',
};

/** How far a submission is on its way. */
export function StageSteps({ stages }: { stages: readonly Stage[] }) {
  return (
    <ol className={classes.stages} aria-label="Stages">
      {stages.map(({ name, state, seconds }) => (
        <li
          key={name}
          className={classes.stage}
          data-stage={name}
          data-state={state}
          aria-current={state === 'now' ? 'step' : undefined}
        >
          <span className={classes.stageName}>{wordOf(name, state)}</span>
          <span className={`num dim ${classes.stageTime}`}>{seconds === undefined ? '' : formatDuration(seconds)}</span>
        </li>
      ))}
    </ol>
  );
}

function wordOf(name: Stage['name'], state: Stage['state']): string {
  if (state === 'passed') return words[name].passed;
  return state === 'stopped' ? stopped[name] : words[name].now;
}
