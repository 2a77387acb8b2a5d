import { z } from 'zod';
import { SubmissionNeeds } from '../contract/runs.ts';
import { rows, type Queryable } from '../db/sql.ts';
import { failuresOf } from '../hooks/tell.ts';
import { maxTries } from './claim.ts';
import { givenUp } from './finish.ts';
import { workerLost } from './runs.ts';

const Due = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  priority: z.number().int(),
  needs: SubmissionNeeds,
});
export type Due = z.infer<typeof Due>;

/**
 * Picks what should be rung for: it waits, or its worker's lease has run out, and nobody has rung for `ringEveryMs`. Several sweepers may run at
 * once; each row is picked by one of them. What has lost its worker is picked one by one: if it was one submission that brought the worker down,
 * those that were graded beside it must not be there again when it does so the next time.
 */
export async function dueRings(db: Queryable, ringEveryMs: number): Promise<Due[]> {
  return await rows(
    db,
    Due,
    `with waiting as (
       select id
       from submission
       where state = 'queued' and ring_at <= now() and ${runnable}
       order by priority, id
       limit 500
       for update skip locked
     ),
     lost as (
       select id
       from submission
       where state = 'running' and lease_until < now() and ring_at <= now()
       order by tries, id
       limit 1
       for update skip locked
     )
     update submission
     set ring_at = now() + $1 * interval '1 ms'
     where id in (select id from waiting union all select id from lost)
     returning id as "submissionId", attempt, priority, needs`,
    [ringEveryMs],
  );
}

/** Code whose phase has no image yet waits in silence. */
const runnable = `(
  needs = 'score'
  or exists (select from phase where phase.id = phase_id and image_digest is not null)
)`;

const Abandoned = z.object({ submissionId: z.number().int(), phaseId: z.number().int(), state: z.string() });

/** Gives up what has killed or lost its worker `maxTries` times: it would do so again. */
export async function giveUpAbandoned(db: Queryable): Promise<z.infer<typeof Abandoned>[]> {
  return await rows(
    db,
    Abandoned,
    `with abandoned as (
       update submission
       set ${givenUp},
           version = version + 1,
           lease_until = null,
           fault = coalesce(fault || '; ', '') || 'the worker was lost ' || tries || ' times while grading it'
       where state = 'running' and lease_until < now() and tries >= $1
       returning id, phase_id, state
     ),
     lost as (
       update run set ${workerLost} where submission_id in (select id from abandoned) and ending is null
     ),
     told as (${failuresOf('select id from abandoned', `'server'`)})
     select id as "submissionId", phase_id as "phaseId", state::text from abandoned`,
    [maxTries],
  );
}
