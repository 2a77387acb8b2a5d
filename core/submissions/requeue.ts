import { z } from 'zod';
import { SubmissionNeeds } from '../contract/runs.ts';
import { maybeRow, rows, type Queryable } from '../db/sql.ts';
import { earlierVerdictOr } from './earlier-verdict.ts';
import { codeNeeds, needsOf } from './needs.ts';
import { lastOutput } from './runs.ts';

/** Behind every first submission: BullMQ takes priorities up to 2²¹. */
export const rerunPriority = 1_000_000;

export const Requeued = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  priority: z.number().int(),
  needs: SubmissionNeeds,
});
export type Requeued = z.infer<typeof Requeued>;

/**
 * Takes a waiting submission back, or code that runs, whose worker finds its claim gone and kills it; of a rerun, the earlier verdict stands. False
 * where it neither waits nor runs (any more), and for a rerun unless `reruns` is set: who was rescored must not be able to keep an old score.
 */
export async function cancel(db: Queryable, submissionId: number, { reruns }: { reruns: boolean }): Promise<boolean> {
  const result = await db.query(
    `update submission
     set state = ${earlierVerdictOr('cancelled')}, version = version + 1, finished_at = now(), lease_until = null
     where id = $1
       and (state = 'queued' or (state = 'running' and needs <> 'score'))
       and ($2 or finished_at is null)`,
    [submissionId, reruns],
  );
  return result.rowCount === 1;
}

/** What running the code of a submission takes. */
const toRun = `(
  select ${codeNeeds('run_settings')}
  from phase
  where phase.id = phase_id
)`;

/** One submission anew: its code runs again. Predictions that were sent with it are scored first, and verified by the rerun after that. */
export const needsAgain = `case
  when kind = 'predictions' or (claimed_hash is not null and scores is null) then 'score'
  else ${toRun}
end`;

/** All of a phase, with another answer key: predictions that code has written are scored again, and no code runs. */
export const needsRescore = `case
  when kind = 'predictions' or claimed_hash is not null then 'score'
  when ${lastOutput('submission.id')} is not null then 'score'
  else ${toRun}
end`;

export const requeued = `
  state = 'queued',
  version = version + 1,
  tries = 0,
  queued_at = now(),
  ring_at = now() + interval '5 s'`;
export const finished = `state in ('scored', 'rejected', 'failed')`;
const answer = `id as "submissionId", attempt, priority, needs`;

/**
 * Queues one finished submission again; its scores stand until the new ones are there. Undefined where it has not finished or was cancelled.
 * @param as an attempt that ran its code: it is run as that one was, whatever the phase's settings are by now
 */
export async function rerun(db: Queryable, submissionId: number, as?: number): Promise<Requeued | undefined> {
  return await maybeRow(
    db,
    Requeued,
    `update submission
     set ${requeued},
         as_attempt = $2,
         needs = case
           when $2::int is null then ${needsAgain}
           else (select ${needsOf('limits')} from run where submission_id = $1 and attempt = $2)
         end
     where id = $1
       and ${finished}
       and ($2::int is null or exists (select from run where submission_id = $1 and attempt = $2 and inputs is not null))
     returning ${answer}`,
    [submissionId, as ?? null],
  );
}

/**
 * Queues all finished submissions of a phase again, behind everything else. One that is being graded starts anew as well, since it may be with what
 * has just been replaced: its worker finds its claim gone.
 * @param outdatedOnly only those whose verdict is from another version of the answer key
 */
export async function rerunAll(db: Queryable, phaseId: number, outdatedOnly: boolean): Promise<Requeued[]> {
  return await rows(
    db,
    Requeued,
    `update submission
     set ${requeued}, as_attempt = null, needs = ${needsRescore}, priority = case when state = 'running' then priority else $2 end, lease_until = null
     where phase_id = $1
       and (${finished} or state = 'running')
       and (not $3 or answer_key_id is distinct from (select answer_key_id from phase where id = $1))
     returning ${answer}`,
    [phaseId, rerunPriority, outdatedOnly],
  );
}
