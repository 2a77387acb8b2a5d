import type { Run } from '../../../core/contract/runs.ts';
import type { Submission } from '../../../core/contract/submissions.ts';

/** A step on the way from code to a score. `stopped`: it ended here; `ahead`: not reached, or not yet. */
export interface Stage {
  readonly name: 'received' | 'preparing' | 'running' | 'scoring' | 'done';
  readonly state: 'passed' | 'now' | 'stopped' | 'ahead';
  /** How long it took. */
  readonly seconds: number | undefined;
}

type Progress = Pick<Submission, 'state' | 'attempt' | 'receivedAt'>;
type RunTimes = Pick<
  Run,
  'attempt' | 'stage' | 'receivedAt' | 'claimedAt' | 'startedAt' | 'exitedAt' | 'scoredAt' | 'output'
>;

const order = ['received', 'preparing', 'running', 'scoring', 'done'] as const;

/** The stages of a submission's newest attempt. `run` is its row, undefined where there is none yet. */
export function stagesOf(submission: Progress, run: RunTimes | undefined): readonly Stage[] {
  const { at, stopped } = position(submission, run);
  const took = new Map(run === undefined ? [] : durations(run));
  return order.map((name, index) => ({
    name,
    state: index < at ? 'passed' : index > at ? 'ahead' : stopped ? 'stopped' : name === 'done' ? 'passed' : 'now',
    seconds: took.get(name),
  }));
}

/** The newest attempt's own run: an earlier one says nothing about an attempt that waits, or is just beginning. */
export function currentRun<T extends Pick<Run, 'attempt'>>(
  submission: Pick<Submission, 'state' | 'attempt'>,
  runs: readonly T[],
): T | undefined {
  if (submission.state === 'queued') return undefined;
  return (
    runs.find(({ attempt }) => attempt === submission.attempt) ?? (submission.state === 'running' ? undefined : runs[0])
  );
}

function position(submission: Progress, run: RunTimes | undefined): { at: number; stopped: boolean } {
  switch (submission.state) {
    case 'queued':
      return { at: order.indexOf('received'), stopped: false };
    case 'running':
      return { at: order.indexOf(run === undefined ? 'preparing' : stageNow(run)), stopped: false };
    case 'scored':
      return { at: order.indexOf('done'), stopped: false };
    case 'rejected':
    case 'failed':
    case 'cancelled':
      return { at: order.indexOf(run === undefined ? 'received' : lastReached(run)), stopped: true };
  }
}

/** Between the run's end and the verdict, a moment is left. */
function stageNow({ stage }: RunTimes): Stage['name'] {
  return stage === 'ended' ? 'scoring' : stage;
}

function lastReached({ startedAt, exitedAt, output }: RunTimes): Stage['name'] {
  if (exitedAt !== undefined && output !== undefined) return 'scoring';
  return startedAt === undefined ? 'preparing' : 'running';
}

function durations(run: RunTimes): [Stage['name'], number | undefined][] {
  return [
    ['received', secondsBetween(run.receivedAt, run.claimedAt)],
    ['preparing', secondsBetween(run.claimedAt, run.startedAt)],
    ['running', secondsBetween(run.startedAt, run.exitedAt)],
    ['scoring', run.output === undefined ? undefined : secondsBetween(run.exitedAt, run.scoredAt)],
  ];
}

export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : (Date.parse(to) - Date.parse(from)) / 1000;
}

/** What became of an earlier run. One that the grader broke has no sentence of its own, and did not end well for that. */
export function endOf({ sentence, stage, ending }: Pick<Run, 'sentence' | 'stage' | 'ending'>): string {
  if (sentence !== undefined) return sentence;
  if (stage !== 'ended') return 'was broken off';
  return ending === 'broken' ? 'the grader failed' : 'ended well';
}
