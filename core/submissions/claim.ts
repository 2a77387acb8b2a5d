import { z } from 'zod';
import type { Queryable } from '../db/sql.ts';
import { maybeRow } from '../db/sql.ts';

/** Claims in a row that may end without a verdict before a submission is given up as failed. */
export const maxTries = 3;

/** What a worker needs to grade one submission. `attempt` is the fencing token: every later write names it. */
export const Claim = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  phaseId: z.number().int(),
  teamId: z.number().int(),
  fileHash: z.string(),
  maxFileBytes: z.number().int(),
  metrics: z.array(z.string()),
  classes: z.array(z.string()),
  answerKeyId: z.number().int().nullable(),
  answerKeyHash: z.string().nullable(),
  sampleHash: z.string().nullable(),
  waitedMs: z.number(),
});
export type Claim = z.infer<typeof Claim>;

/**
 * Takes a submission that waits, or whose worker's lease has run out, for `leaseMs`. Answers undefined where there is nothing to take: it is
 * done, cancelled, held by another worker, or out of tries. Safe to call any number of times.
 */
export async function claim(db: Queryable, submissionId: number, leaseMs: number): Promise<Claim | undefined> {
  return await maybeRow(
    db,
    Claim,
    `with claimed as (
       update submission
       set state = 'running',
           attempt = attempt + 1,
           tries = tries + 1,
           version = version + 1,
           claimed_at = now(),
           lease_until = now() + $2 * interval '1 ms'
       where id = $1
         and tries < $3
         and (state = 'queued' or (state = 'running' and lease_until < now()))
       returning *
     )
     select claimed.id as "submissionId",
            claimed.attempt,
            claimed.phase_id as "phaseId",
            claimed.team_id as "teamId",
            claimed.file_hash as "fileHash",
            competition.max_file_bytes as "maxFileBytes",
            competition.metrics,
            competition.classes,
            answer_key.id as "answerKeyId",
            answer_key.hash as "answerKeyHash",
            sample.hash as "sampleHash",
            extract(epoch from claimed.claimed_at - claimed.queued_at)::float8 * 1000 as "waitedMs"
     from claimed
     join phase on phase.id = claimed.phase_id
     join competition on competition.id = phase.competition_id
     left join answer_key on answer_key.id = phase.answer_key_id
     left join data_file sample on sample.competition_id = competition.id and sample.name = 'sample_submission.csv'`,
    [submissionId, leaseMs, maxTries],
  );
}

/** Holds the lease for another `leaseMs`; false where it is lost, and the work must stop. */
export async function renew(
  db: Queryable,
  held: Pick<Claim, 'submissionId' | 'attempt'>,
  leaseMs: number,
): Promise<boolean> {
  const result = await db.query(
    `update submission
     set lease_until = now() + $3 * interval '1 ms'
     where id = $1 and attempt = $2 and state = 'running'`,
    [held.submissionId, held.attempt, leaseMs],
  );
  return result.rowCount === 1;
}

/**
 * Gives a claim back after a shutdown: it costs no try, and the sweeper rings for it at once.
 */
export async function giveBack(db: Queryable, held: Pick<Claim, 'submissionId' | 'attempt'>): Promise<boolean> {
  const result = await db.query(
    `update submission
     set state = 'queued', tries = tries - 1, version = version + 1, lease_until = null, ring_at = now()
     where id = $1 and attempt = $2 and state = 'running'`,
    [held.submissionId, held.attempt],
  );
  return result.rowCount === 1;
}
