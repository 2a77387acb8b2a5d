import type { SubmissionNeeds } from '../../core/contract/runs.ts';
import type { Submission } from '../../core/contract/submissions.ts';
import type { Graders } from './graders.ts';

/** Code that is queued. */
interface Waiting {
  readonly phaseId: number;
  readonly needs: SubmissionNeeds;
  readonly queuePosition: number;
  readonly imageName: string;
  readonly imageDigest: string | null;
  readonly gpus: number;
  readonly wallSeconds: number;
}

/** What code waits for where nobody can run it, else when it will be its turn, as far as anybody can guess; staff hear of GPUs that are drained. */
export function waitingView(
  waiting: Waiting,
  graders: Graders,
  now: Date,
  isStaff: boolean,
): Pick<Submission, 'waitingFor' | 'estimatedStartAt' | 'latestStartAt'> {
  const waitingFor = whatIsMissing(waiting, graders, isStaff);
  if (waitingFor !== undefined) return { waitingFor };
  const slots = graders.slots(waiting.needs);
  const ahead = waiting.queuePosition - 1 + graders.running(waiting.needs);
  if (ahead < slots) return { estimatedStartAt: now.toISOString() };
  const seconds = graders.meanSeconds(waiting.phaseId);
  const turns = (ahead - slots + 1) / slots;
  if (seconds === undefined) return { latestStartAt: after(now, Math.ceil(turns) * waiting.wallSeconds) };
  return { estimatedStartAt: after(now, turns * seconds) };
}

function after(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

function whatIsMissing(
  { needs, imageName, imageDigest, gpus }: Waiting,
  graders: Graders,
  isStaff: boolean,
): string | undefined {
  if (imageDigest === null)
    return `The image "${imageName}" that it runs in is not there yet; the staff have to build it.`;
  if (needs !== 'gpu')
    return graders.slots(needs) === 0
      ? 'No grader that can run code is there right now; it starts when one is.'
      : undefined;
  const drained = isStaff && graders.drained.length > 0 ? ` Drained: ${graders.drained.join('; ')}.` : '';
  if (graders.slots(needs) === 0 || graders.mostGpus === 0)
    return `No grader with a GPU is there right now; it starts when one is.${drained}`;
  if (gpus > graders.mostGpus)
    return `It needs ${gpus} GPUs at once, and no grader that is there has so many.${drained}`;
  return undefined;
}
