import type { ProblemItem } from '../contract/problems.ts';
import type { Scores } from '../contract/scores.ts';
import { execute, type Queryable } from '../db/sql.ts';
import type { Claim } from './claim.ts';
import { earlierVerdictOr } from './earlier-verdict.ts';

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
      /** For staff alone, where what there is to mend must not be told: it could carry hidden inputs out. */
      readonly detail?: string;
    }
  | {
      /** Of a rerun that verifies predictions that were sent with the code: what was scored stands. */
      readonly kind: 'verified';
      readonly notice: string;
      /** Of the predictions that the code itself wrote. */
      readonly scores?: Scores;
    };

/** False, having changed nothing, where the claim is no longer held. */
export async function writeVerdict(client: Queryable, held: Claim, verdict: Verdict): Promise<boolean> {
  switch (verdict.kind) {
    case 'scored':
      return await writeScored(client, held, verdict);
    case 'rejected':
      return await writeRejected(client, held, verdict);
    case 'verified':
      return await writeVerified(client, held, verdict);
  }
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

async function writeVerified(
  client: Queryable,
  held: Claim,
  { notice }: Extract<Verdict, { kind: 'verified' }>,
): Promise<boolean> {
  const changed = await execute(
    client,
    `update submission
     set state = ${earlierVerdictOr('failed')},
         version = version + 1,
         finished_at = now(),
         lease_until = null,
         notices = array(
           select kept from unnest(notices) with ordinality as before (kept, place)
           where kept not like 'Verified:%' and kept not like 'Not verified:%'
           order by place
         ) || $3::text,
         fault = null
     where id = $1 and attempt = $2 and state = 'running'`,
    [held.submissionId, held.attempt, notice],
  );
  return changed === 1;
}
