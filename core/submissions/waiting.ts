import { z } from 'zod';
import { RunInput, RunSettings, type SubmissionNeeds } from '../contract/runs.ts';
import { maybeRow, type Queryable } from '../db/sql.ts';
import { filesToRun, imageToRun, joinEarlierRun, settingsToRun } from './how-it-runs.ts';

const NextRun = z.object({
  id: z.number().int(),
  imageDigest: z.string(),
  runSettings: RunSettings.prefault({}),
  files: z.array(RunInput),
});

/** How the next waiting code of a queue will be run; undefined where none waits. */
export async function nextRun(db: Queryable, needs: Exclude<SubmissionNeeds, 'score'>) {
  return await maybeRow(
    db,
    NextRun,
    `select submission.id,
            ${imageToRun} as "imageDigest",
            coalesce(${settingsToRun}, '{}') as "runSettings",
            ${filesToRun} as files
     from submission
     join phase on phase.id = submission.phase_id
     ${joinEarlierRun('submission')}
     where submission.needs = $1::submission_needs and submission.state = 'queued' and ${imageToRun} is not null
     order by submission.priority, submission.id
     limit 1`,
    [needs],
  );
}

/** How many GPUs a waiting submission's run takes; undefined where it is gone. */
export async function gpusWanted(db: Queryable, submissionId: number): Promise<number | undefined> {
  const row = await maybeRow(
    db,
    z.object({ runSettings: RunSettings.prefault({}) }),
    `select coalesce(${settingsToRun}, '{}') as "runSettings"
     from submission
     join phase on phase.id = submission.phase_id
     ${joinEarlierRun('submission')}
     where submission.id = $1 and state in ('queued', 'running') and needs = 'gpu'`,
    [submissionId],
  );
  return row?.runSettings.limits.gpus;
}
