import { z } from 'zod';
import { CustomMetric } from '../contract/scores.ts';
import { RunInput, RunSettings, SubmissionKind, SubmissionNeeds } from '../contract/runs.ts';
import type { Queryable } from '../db/sql.ts';
import { maybeRow } from '../db/sql.ts';
import { filesToRun, imageToRun, joinEarlierRun, settingsToRun } from './how-it-runs.ts';
import { lastOutput, workerLost } from './runs.ts';

/** Claims in a row that may end without a verdict before a submission is given up as failed. */
export const maxTries = 3;

/** What a worker needs to grade one submission. `attempt` is the fencing token: every later write names it. */
export const Claim = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  phaseId: z.number().int(),
  teamId: z.number().int(),
  kind: SubmissionKind,
  needs: SubmissionNeeds,
  fileName: z.string(),
  fileHash: z.string(),
  fileBytes: z.number().int(),
  /** Predictions that were sent with the code. */
  claimedHash: z.string().nullable(),
  /** Predictions that an earlier run of the code wrote. */
  keptHash: z.string().nullable(),
  /** Of the verdict that stands, where this is a rerun. */
  publicValue: z.number().nullable(),
  privateValue: z.number().nullable(),
  receivedAt: z.date(),
  claimedAt: z.date(),
  maxFileBytes: z.number().int(),
  metrics: z.array(z.string()),
  classes: z.array(z.string()),
  customMetric: CustomMetric.nullable(),
  answerKeyId: z.number().int().nullable(),
  answerKeyHash: z.string().nullable(),
  sampleHash: z.string().nullable(),
  slug: z.string(),
  runSettings: RunSettings.prefault({}),
  imageDigest: z.string().nullable(),
  /** The data files that its code reads. */
  files: z.array(RunInput),
  waitedMs: z.number(),
});
export type Claim = z.infer<typeof Claim>;

/**
 * Takes a submission that waits, or whose worker's lease has run out, for `leaseMs`. Answers undefined where there is nothing to take: it is
 * done, cancelled, held by another worker, out of tries, in another queue by now, or code without an image to run it in. Safe to call any number
 * of times.
 */
export async function claim(
  db: Queryable,
  submissionId: number,
  leaseMs: number,
  needs: SubmissionNeeds = 'score',
): Promise<Claim | undefined> {
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
         and needs = $4::submission_needs
         and (state = 'queued' or (state = 'running' and lease_until < now()))
         and (needs = 'score'
           or as_attempt is not null
           or exists (select from phase where phase.id = phase_id and image_digest is not null))
       returning *
     ),
     lost as (
       update run set ${workerLost} where submission_id in (select id from claimed) and ending is null
     )
     select claimed.id as "submissionId",
            claimed.attempt,
            claimed.phase_id as "phaseId",
            claimed.team_id as "teamId",
            claimed.kind,
            claimed.needs,
            claimed.file_name as "fileName",
            claimed.file_hash as "fileHash",
            claimed.file_bytes as "fileBytes",
            claimed.claimed_hash as "claimedHash",
            case when claimed.kind <> 'predictions' then ${lastOutput('claimed.id')} end as "keptHash",
            claimed.public_value as "publicValue",
            claimed.private_value as "privateValue",
            claimed.received_at as "receivedAt",
            claimed.claimed_at as "claimedAt",
            competition.max_file_bytes as "maxFileBytes",
            competition.metrics,
            competition.classes,
            competition.custom_metric as "customMetric",
            answer_key.id as "answerKeyId",
            answer_key.hash as "answerKeyHash",
            sample.hash as "sampleHash",
            competition.slug,
            coalesce(${settingsToRun}, '{}') as "runSettings",
            ${imageToRun} as "imageDigest",
            case when claimed.needs = 'score' then '[]' else ${filesToRun} end as files,
            extract(epoch from claimed.claimed_at - claimed.queued_at)::float8 * 1000 as "waitedMs"
     from claimed
     join phase on phase.id = claimed.phase_id
     join competition on competition.id = phase.competition_id
     left join answer_key on answer_key.id = phase.answer_key_id
     left join data_file sample on sample.competition_id = competition.id and sample.name = 'sample_submission.csv'
     ${joinEarlierRun('claimed')}`,
    [submissionId, leaseMs, maxTries, needs],
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
 * Gives a claim back after a shutdown, or where the sandbox went away: it costs no try.
 * @param waitMs how long nobody shall ring for it: at once where nothing is said
 */
export async function giveBack(
  db: Queryable,
  held: Pick<Claim, 'submissionId' | 'attempt'>,
  waitMs = 0,
): Promise<boolean> {
  const result = await db.query(
    `update submission
     set state = 'queued', tries = tries - 1, version = version + 1, lease_until = null, ring_at = now() + $3 * interval '1 ms'
     where id = $1 and attempt = $2 and state = 'running'`,
    [held.submissionId, held.attempt, waitMs],
  );
  return result.rowCount === 1;
}
