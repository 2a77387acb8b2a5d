import { z } from 'zod';
import { maybeRow, rows, type Queryable } from '../db/sql.ts';
import { earlierVerdictOr } from './earlier-verdict.ts';

/** Behind every first submission: BullMQ takes priorities up to 2²¹. */
export const rerunPriority = 1_000_000;

const Requeued = z.object({ submissionId: z.number().int(), attempt: z.number().int(), priority: z.number().int() });
export type Requeued = z.infer<typeof Requeued>;

/**
 * Takes a waiting submission back; of a waiting rerun, the earlier verdict stands. False where it is not waiting (any more), and for a rerun
 * unless `reruns` is set: who was rescored must not be able to keep an old score.
 */
export async function cancel(db: Queryable, submissionId: number, { reruns }: { reruns: boolean }): Promise<boolean> {
  const result = await db.query(
    `update submission
     set state = ${earlierVerdictOr('cancelled')}, version = version + 1, finished_at = now()
     where id = $1 and state = 'queued' and ($2 or finished_at is null)`,
    [submissionId, reruns],
  );
  return result.rowCount === 1;
}

const requeued = `
  state = 'queued',
  version = version + 1,
  tries = 0,
  queued_at = now(),
  ring_at = now() + interval '5 s'`;
const finished = `state in ('scored', 'rejected', 'failed')`;
const answer = `id as "submissionId", attempt, priority`;

/** Queues one finished submission again; its scores stand until the new ones are there. Undefined where it has not finished or was cancelled. */
export async function rerun(db: Queryable, submissionId: number): Promise<Requeued | undefined> {
  return await maybeRow(
    db,
    Requeued,
    `update submission set ${requeued} where id = $1 and ${finished} returning ${answer}`,
    [submissionId],
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
     set ${requeued}, priority = case when state = 'running' then priority else $2 end, lease_until = null
     where phase_id = $1
       and (${finished} or state = 'running')
       and (not $3 or answer_key_id is distinct from (select answer_key_id from phase where id = $1))
     returning ${answer}`,
    [phaseId, rerunPriority, outdatedOnly],
  );
}
