import { z } from 'zod';
import { execute, maybeRow, rows, type Queryable } from '../db/sql.ts';
import { earlierVerdictOr } from './earlier-verdict.ts';
import { finished, needsAgain, needsRescore, Requeued, requeued, rerunPriority } from './requeue.ts';

/** How many of a batch wait or run at once: enough to keep workers busy, and few enough that a batch that is paused soon rests. */
const inFlight = 32;

const Fed = z.object({ batchId: z.number().int(), requeued: z.array(Requeued) });

/**
 * Goes on with one batch of reruns that nobody else goes on with at this moment: ticks off what has finished, queues the next ones behind everything
 * else, and ends the batch after the last. All that it knows is in Postgres, so it goes on after any crash; to be called again and again, within a
 * transaction, after whose end what it answers is rung for.
 * @param after the batch that was gone on with before this one; batches take turns
 * @returns undefined where there is none after that
 */
export async function feedBatch(client: Queryable, after: number): Promise<z.infer<typeof Fed> | undefined> {
  const batch = await maybeRow(
    client,
    z.object({ id: z.number().int(), runCode: z.boolean() }),
    `select id, run_code as "runCode"
     from rerun_batch
     where state = 'running' and id > $1
     order by id
     limit 1
     for update skip locked`,
    [after],
  );
  if (batch === undefined) return undefined;
  await tickOff(client, batch.id);
  const next = await rows(
    client,
    z.object({ id: z.number().int() }),
    `update rerun_batch_item
     set queued_at = now()
     where batch_id = $1
       and submission_id in (
         select submission_id
         from rerun_batch_item
         where batch_id = $1 and queued_at is null
         order by submission_id
         limit greatest(0, $2 - (select count(*) from rerun_batch_item where batch_id = $1 and queued_at is not null and done_at is null))
       )
     returning submission_id as id`,
    [batch.id, inFlight],
  );
  const queued = await queueAgain(
    client,
    next.map(({ id }) => id),
    batch.runCode,
  );
  await execute(
    client,
    `update rerun_batch
     set state = 'done', ended_at = now()
     where id = $1 and not exists (select from rerun_batch_item where batch_id = $1 and done_at is null)`,
    [batch.id],
  );
  return { batchId: batch.id, requeued: queued };
}

async function tickOff(client: Queryable, batchId: number): Promise<void> {
  await execute(
    client,
    `update rerun_batch_item
     set done_at = now()
     from submission
     where batch_id = $1
       and submission.id = submission_id
       and rerun_batch_item.queued_at is not null
       and done_at is null
       and submission.state not in ('queued', 'running')`,
    [batchId],
  );
}

/** What waits or runs already is graded in any case, and what was cancelled stays so. */
async function queueAgain(client: Queryable, ids: readonly number[], runCode: boolean): Promise<Requeued[]> {
  if (ids.length === 0) return [];
  return await rows(
    client,
    Requeued,
    `update submission
     set ${requeued}, as_attempt = null, priority = $2, needs = case when $3 then ${needsAgain} else ${needsRescore} end
     where id = any($1) and ${finished}
     returning id as "submissionId", attempt, priority, needs`,
    [ids, rerunPriority, runCode],
  );
}

/**
 * Takes back what a batch has queued and nobody has begun: earlier verdicts stand, and what was taken back is queued again if the batch goes on. The
 * batch must be locked.
 */
export async function takeBackWaiting(client: Queryable, batchId: number): Promise<void> {
  await execute(
    client,
    `with back as (
       update submission
       set state = ${earlierVerdictOr('failed')}, version = version + 1, lease_until = null
       where state = 'queued'
         and finished_at is not null
         and priority = $2
         and id in (select submission_id from rerun_batch_item where batch_id = $1 and queued_at is not null and done_at is null)
       returning id
     )
     update rerun_batch_item
     set queued_at = null
     where batch_id = $1 and submission_id in (select id from back)`,
    [batchId, rerunPriority],
  );
}
