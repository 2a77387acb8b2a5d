import { z } from 'zod';
import { rows, type Queryable } from '../db/sql.ts';
import { maxTries } from './claim.ts';
import { givenUp } from './finish.ts';

const Due = z.object({ submissionId: z.number().int(), attempt: z.number().int(), priority: z.number().int() });
export type Due = z.infer<typeof Due>;

/**
 * Picks what should be rung for: it waits, or its worker's lease has run out, and nobody has rung for `ringEveryMs`. Several sweepers may run at
 * once; each row is picked by one of them.
 */
export async function dueRings(db: Queryable, ringEveryMs: number): Promise<Due[]> {
  return await rows(
    db,
    Due,
    `update submission
     set ring_at = now() + $1 * interval '1 ms'
     where id in (
       select id
       from submission
       where (state in ('queued', 'running'))
         and ring_at <= now()
         and (state = 'queued' or lease_until < now())
       order by priority, id
       limit 500
       for update skip locked
     )
     returning id as "submissionId", attempt, priority`,
    [ringEveryMs],
  );
}

const Abandoned = z.object({ submissionId: z.number().int(), phaseId: z.number().int(), state: z.string() });

/** Gives up what has killed or lost its worker `maxTries` times: it would do so again. */
export async function giveUpAbandoned(db: Queryable): Promise<z.infer<typeof Abandoned>[]> {
  return await rows(
    db,
    Abandoned,
    `update submission
     set ${givenUp},
         version = version + 1,
         lease_until = null,
         fault = coalesce(fault || '; ', '') || 'the worker was lost ' || tries || ' times while grading it'
     where state = 'running' and lease_until < now() and tries >= $1
     returning id as "submissionId", phase_id as "phaseId", state::text`,
    [maxTries],
  );
}
