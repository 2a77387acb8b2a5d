import type pg from 'pg';
import type { ProblemItem } from '../contract/problems.ts';
import type { Scores } from '../contract/scores.ts';
import { execute, transaction, type Queryable } from '../db/sql.ts';
import { maxTries, type Claim } from './claim.ts';
import { earlierVerdictOr, hasEarlierVerdict } from './earlier-verdict.ts';
import { keepStanding, lockTeam } from './standing.ts';

/** The end of a grading. A rejection is the student's doing and has what to mend; what breaks on our side is no verdict but a throw. */
export type Verdict =
  | {
      readonly kind: 'scored';
      readonly scores: Scores;
      /** The primary metric's value on each board; null where the board has no rows. */
      readonly publicValue: number | null;
      readonly privateValue: number | null;
      /** Metric → bitmap of the rows that it counts as hits, in the answer key's order. */
      readonly hits: ReadonlyMap<string, Uint8Array>;
      readonly notices: readonly string[];
    }
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly errors: readonly ProblemItem[];
      readonly moreErrors: number;
    };

/**
 * Writes a verdict and the team's standing in one transaction. Answers false, having changed nothing, where the claim is no longer held:
 * another worker has taken over, or the verdict is already there.
 */
export async function finish(pool: pg.Pool, held: Claim, verdict: Verdict): Promise<boolean> {
  return await transaction(pool, async (client) => {
    await lockTeam(client, held.teamId);
    const written =
      verdict.kind === 'scored' ? await writeScored(client, held, verdict) : await writeRejected(client, held, verdict);
    if (written) await keepStanding(client, held.phaseId, held.teamId);
    return written;
  });
}

async function writeScored(
  client: Queryable,
  held: Claim,
  verdict: Extract<Verdict, { kind: 'scored' }>,
): Promise<boolean> {
  const changed = await execute(
    client,
    `with done as (
       update submission
       set state = 'scored',
           version = version + 1,
           finished_at = now(),
           lease_until = null,
           answer_key_id = $3,
           scores = $4,
           public_value = $5,
           private_value = $6,
           notices = $7,
           report = null,
           reason = null,
           fault = null
       where id = $1 and attempt = $2 and state = 'running'
       returning id
     )
     insert into submission_hits (submission_id, metrics, bits)
     select id, $8, $9 from done
     on conflict (submission_id) do update set metrics = excluded.metrics, bits = excluded.bits`,
    [
      held.submissionId,
      held.attempt,
      held.answerKeyId,
      JSON.stringify(verdict.scores),
      verdict.publicValue,
      verdict.privateValue,
      verdict.notices,
      [...verdict.hits.keys()],
      Buffer.concat([...verdict.hits.values()]),
    ],
  );
  return changed === 1;
}

async function writeRejected(
  client: Queryable,
  held: Claim,
  verdict: Extract<Verdict, { kind: 'rejected' }>,
): Promise<boolean> {
  const changed = await execute(
    client,
    `update submission
     set state = 'rejected',
         version = version + 1,
         finished_at = now(),
         lease_until = null,
         answer_key_id = $3,
         scores = null,
         public_value = null,
         private_value = null,
         notices = '{}',
         report = $4,
         reason = $5,
         fault = null
     where id = $1 and attempt = $2 and state = 'running'`,
    [
      held.submissionId,
      held.attempt,
      held.answerKeyId,
      JSON.stringify({ errors: verdict.errors, moreErrors: verdict.moreErrors }),
      verdict.reason,
    ],
  );
  return changed === 1;
}

/** What a submission becomes when we gave up on it: an earlier verdict stands, else it has failed, which is not charged to the team. */
export const givenUp = `
  state = ${earlierVerdictOr('failed')},
  finished_at = now(),
  reason = case
    when ${hasEarlierVerdict} then reason
    else 'The grader failed; this is our fault, the staff have been told, and it does not count against your limits.'
  end`;

/**
 * Records that a claim ended through our fault: the submission waits again, for longer each time, or is given up after `maxTries`.
 * @returns what became of it; undefined where the claim is no longer held
 */
export async function release(db: Queryable, held: Claim, fault: string): Promise<'retry' | 'given-up' | undefined> {
  const retried = await db.query(
    `update submission
     set state = 'queued',
         version = version + 1,
         lease_until = null,
         fault = $3,
         ring_at = now() + (2 ^ tries) * interval '1 s'
     where id = $1 and attempt = $2 and state = 'running' and tries < $4`,
    [held.submissionId, held.attempt, fault, maxTries],
  );
  if (retried.rowCount === 1) return 'retry';
  const ended = await db.query(
    `update submission
     set ${givenUp}, version = version + 1, lease_until = null, fault = $3
     where id = $1 and attempt = $2 and state = 'running'`,
    [held.submissionId, held.attempt, fault],
  );
  return ended.rowCount === 1 ? 'given-up' : undefined;
}
