import { z } from 'zod';
import type { RunEnding, RunInput, RunLimits, RunSample } from '../contract/runs.ts';
import type { Scores } from '../contract/scores.ts';
import { execute, rows, type Queryable } from '../db/sql.ts';

/** Which run: a submission's attempt. */
export interface RunId {
  readonly submissionId: number;
  readonly attempt: number;
}

/** What is known when a run begins: enough to run it again. */
export interface NewRun extends RunId {
  readonly verifying: boolean;
  readonly worker: string;
  readonly runtime: string;
  readonly image: { readonly name: string; readonly digest: string };
  readonly command: readonly string[];
  readonly limits: RunLimits;
  readonly seed: number;
  readonly inputs: readonly RunInput[];
  readonly outputName: string;
  readonly cellSeconds: number | null;
  /** Of the phase at that time. */
  readonly answerKeyHash: string | null;
  readonly gpus: readonly string[];
  readonly receivedAt: Date;
  readonly claimedAt: Date;
}

/** What is known when its program has ended. */
export interface RunEnd {
  readonly ending: RunEnding;
  readonly exitCode?: number | undefined;
  readonly sentence?: string | undefined;
  readonly fault?: string | undefined;
  readonly exitedAt: Date;
  readonly peakMemoryBytes?: number | undefined;
  readonly cpuSeconds?: number | undefined;
  readonly gpuSeconds?: number | undefined;
  readonly samples: readonly RunSample[];
  readonly log?: { readonly hash: string; readonly bytes: number; readonly skipped: number } | undefined;
  readonly output?: { readonly hash: string; readonly bytes: number } | undefined;
  readonly notebook?: { readonly hash: string; readonly bytes: number } | undefined;
}

/** Writes the row that a run begins with; false where the claim is no longer held. */
export async function beginRun(db: Queryable, run: NewRun): Promise<boolean> {
  const written = await execute(
    db,
    `insert into run (submission_id, attempt, verifying, worker, runtime, image_name, image_digest, command, limits, seed, gpus, received_at, claimed_at,
                      inputs, output_name, cell_seconds, answer_key_hash)
     select id, attempt, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
     from submission
     where id = $1 and attempt = $2 and state = 'running'
     on conflict do nothing`,
    [
      run.submissionId,
      run.attempt,
      run.verifying,
      run.worker,
      run.runtime,
      run.image.name,
      run.image.digest,
      run.command,
      JSON.stringify(run.limits),
      run.seed,
      run.gpus,
      run.receivedAt,
      run.claimedAt,
      JSON.stringify(run.inputs),
      run.outputName,
      run.cellSeconds,
      run.answerKeyHash,
    ],
  );
  return written === 1;
}

/** @param limits what holds, which may be less than what the phase gives: a machine has only so many CPUs */
export async function markPrepared(
  db: Queryable,
  { submissionId, attempt }: RunId,
  at: Date,
  limits: RunLimits,
): Promise<void> {
  await execute(
    db,
    `update run
     set prepared_at = $3, limits = $4
     where submission_id = $1 and attempt = $2 and prepared_at is null and ending is null`,
    [submissionId, attempt, at, JSON.stringify(limits)],
  );
}

export async function markStarted(db: Queryable, { submissionId, attempt }: RunId, at: Date): Promise<void> {
  await execute(
    db,
    `update run set started_at = $3 where submission_id = $1 and attempt = $2 and started_at is null and ending is null`,
    [submissionId, attempt, at],
  );
}

export async function saveSamples(
  db: Queryable,
  { submissionId, attempt }: RunId,
  samples: readonly RunSample[],
): Promise<void> {
  await execute(db, `update run set samples = $3 where submission_id = $1 and attempt = $2 and ending is null`, [
    submissionId,
    attempt,
    JSON.stringify(samples),
  ]);
}

/** Writes how the program ended, once: also where the claim has been lost meanwhile, since it tells what happened, and no verdict. */
export async function endRun(db: Queryable, { submissionId, attempt }: RunId, end: RunEnd): Promise<boolean> {
  const written = await execute(
    db,
    `update run
     set ending = $3, exit_code = $4, sentence = $5, exited_at = $6, peak_memory_bytes = $7, cpu_seconds = $8, gpu_seconds = $9, samples = $10,
         log_hash = $11, log_bytes = $12, log_skipped = $13,
         output_hash = $14, output_bytes = $15, notebook_hash = $16, notebook_bytes = $17, fault = $18
     where submission_id = $1 and attempt = $2 and ending is null`,
    [
      submissionId,
      attempt,
      end.ending,
      end.exitCode ?? null,
      end.sentence ?? null,
      end.exitedAt,
      end.peakMemoryBytes ?? null,
      end.cpuSeconds ?? null,
      end.gpuSeconds ?? null,
      JSON.stringify(end.samples),
      end.log?.hash ?? null,
      end.log?.bytes ?? null,
      end.log?.skipped ?? null,
      end.output?.hash ?? null,
      end.output?.bytes ?? null,
      end.notebook?.hash ?? null,
      end.notebook?.bytes ?? null,
      end.fault ?? null,
    ],
  );
  return written === 1;
}

/** As part of the transaction that writes the verdict. */
export async function markScored(
  db: Queryable,
  { submissionId, attempt }: RunId,
  { sentence, fault, scores }: { readonly sentence?: string; readonly fault?: string; readonly scores?: Scores },
): Promise<void> {
  await execute(
    db,
    `update run
     set scored_at = now(), sentence = coalesce($3, sentence), scores = coalesce($4, scores), fault = coalesce($5, fault)
     where submission_id = $1 and attempt = $2`,
    [submissionId, attempt, sentence ?? null, scores === undefined ? null : JSON.stringify(scores), fault ?? null],
  );
}

/** Marks a run that ended through our fault: nothing more happens to it. What its program did before stays. */
export async function breakRun(db: Queryable, { submissionId, attempt }: RunId, fault: string): Promise<void> {
  await execute(
    db,
    `update run
     set ending = case when ending is null then 'broken' else ending end, fault = $3
     where submission_id = $1 and attempt = $2 and scored_at is null`,
    [submissionId, attempt, fault],
  );
}

/**
 * SQL: what code wrote when it last ran to its end; null where that was nothing. Never what an earlier run wrote: a program that is lucky once must
 * not keep that.
 * @param submission the SQL of its id
 */
export function lastOutput(submission: string): string {
  return `(
    select output_hash
    from run
    where submission_id = ${submission} and not verifying and ending not in ('broken', 'cancelled')
    order by attempt desc
    limit 1
  )`;
}

/** For an update of runs that had no end when their claim was taken away. */
export const workerLost = `ending = 'broken', fault = 'the worker was lost'`;

const Orphan = z.object({ submissionId: z.number().int(), attempt: z.number().int() });

/** Ends what no worker can end any more: its claim is over since a while, and so is its worker's chance to say how it went. */
export async function breakOrphans(db: Queryable, graceMs: number): Promise<z.infer<typeof Orphan>[]> {
  return await rows(
    db,
    Orphan,
    `update run
     set ${workerLost}
     from submission
     where submission.id = run.submission_id
       and run.ending is null
       and run.claimed_at < now() - $1 * interval '1 ms'
       and (submission.attempt <> run.attempt
         or (submission.state <> 'running' and coalesce(submission.finished_at, submission.queued_at) < now() - $1 * interval '1 ms'))
     returning run.submission_id as "submissionId", run.attempt`,
    [graceMs],
  );
}
