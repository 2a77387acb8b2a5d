import { z } from 'zod';
import { execute, maybeRow, type Queryable } from '../db/sql.ts';
import { lastOutput } from './runs.ts';

/** A preview that a worker goes on with, and what its files are scored with. */
const Held = z.object({
  previewId: z.number().int(),
  phaseId: z.number().int(),
  answerKeyHash: z.string(),
  sampleHash: z.string().nullable(),
  metrics: z.array(z.string()),
  classes: z.array(z.string()),
  maxFileBytes: z.number().int(),
});
export type HeldPreview = z.infer<typeof Held>;

/** Takes a preview that nobody goes on with, for `leaseMs`. Each score that is kept renews the lease; after a crash another worker takes it. */
export async function claimPreview(db: Queryable, leaseMs: number): Promise<HeldPreview | undefined> {
  return await maybeRow(
    db,
    Held,
    `with held as (
       update key_preview
       set lease_until = now() + $1 * interval '1 ms'
       where id = (
         select id
         from key_preview
         where state = 'computing' and (lease_until is null or lease_until < now())
         order by id
         limit 1
         for update skip locked
       )
       returning *
     )
     select held.id as "previewId",
            held.phase_id as "phaseId",
            held.key_hash as "answerKeyHash",
            sample.hash as "sampleHash",
            competition.metrics,
            competition.classes,
            competition.max_file_bytes as "maxFileBytes"
     from held
     join phase on phase.id = held.phase_id
     join competition on competition.id = phase.competition_id
     left join data_file sample on sample.competition_id = competition.id and sample.name = 'sample_submission.csv'`,
    [leaseMs],
  );
}

/** SQL: the blob of a submission's predictions; null where it is code that has written none. */
const predictionsOf = `
  case when submission.kind = 'predictions' then submission.file_hash else coalesce(submission.claimed_hash, ${lastOutput('submission.id')}) end`;

const Next = z.object({ submissionId: z.number().int(), hash: z.string() });

/** A submission with a verdict that the preview has no score of yet. What never had one is not looked at: it is graded with the key in force. */
export async function nextToPreview(
  db: Queryable,
  { previewId, phaseId }: HeldPreview,
): Promise<z.infer<typeof Next> | undefined> {
  return await maybeRow(
    db,
    Next,
    `select id as "submissionId", hash
     from (
       select submission.id, ${predictionsOf} as hash
       from submission
       where submission.phase_id = $2
         and (submission.scores is not null or submission.report is not null)
         and not exists (select from key_preview_score done where done.preview_id = $1 and done.submission_id = submission.id)
     ) as waiting
     where hash is not null
     order by id
     limit 1`,
    [previewId, phaseId],
  );
}

export interface PreviewedScore {
  readonly submissionId: number;
  /** As in `submission`: what the boards sort by, null where there is none. */
  readonly publicValue: number | null;
  readonly privateValue: number | null;
}

/** Keeps a score and renews the lease; false where the preview was discarded meanwhile, or is another worker's. */
export async function keepPreviewScore(
  db: Queryable,
  { previewId }: HeldPreview,
  { submissionId, publicValue, privateValue }: PreviewedScore,
  leaseMs: number,
): Promise<boolean> {
  const kept = await execute(
    db,
    `with held as (
       update key_preview
       set lease_until = now() + $5 * interval '1 ms'
       where id = $1 and state = 'computing'
       returning id
     )
     insert into key_preview_score (preview_id, submission_id, public_value, private_value)
     select id, $2, $3, $4 from held
     on conflict do nothing`,
    [previewId, submissionId, publicValue, privateValue, leaseMs],
  );
  return kept === 1;
}

/** @param fault why it can't be computed; undefined where it is complete */
export async function endPreview(db: Queryable, { previewId }: HeldPreview, fault: string | undefined): Promise<void> {
  await execute(
    db,
    `update key_preview
     set state = case when $2::text is null then 'ready' else 'failed' end::key_preview_state, fault = $2, ready_at = now(), lease_until = null
     where id = $1 and state = 'computing'`,
    [previewId, fault ?? null],
  );
}

/** Lets another worker go on at once. */
export async function givePreviewBack(db: Queryable, { previewId }: HeldPreview): Promise<void> {
  await execute(db, 'update key_preview set lease_until = null where id = $1', [previewId]);
}
