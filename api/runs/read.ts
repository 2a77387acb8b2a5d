import { z } from 'zod';
import {
  RunEnding,
  RunInput,
  RunLimits,
  RunSample,
  RunSettings,
  type Run,
  type RunSummary,
} from '../../core/contract/runs.ts';
import { Scores } from '../../core/contract/scores.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { reveal } from '../../core/schedule/effective.ts';
import { roundedScores } from '../leaderboard/rounded.ts';

/** Postgres's bigint comes as text. */
const bigint = z.coerce.number().nullable();

const RunRow = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  verifying: z.boolean(),
  worker: z.string(),
  runtime: z.string(),
  imageName: z.string(),
  imageDigest: z.string(),
  command: z.array(z.string()),
  limits: RunLimits,
  seed: z.number(),
  gpus: z.array(z.string()),
  inputs: z.array(RunInput).nullable(),
  outputName: z.string().nullable(),
  cellSeconds: z.number().int().nullable(),
  answerKeyHash: z.string().nullable(),
  receivedAt: z.date(),
  claimedAt: z.date(),
  preparedAt: z.date().nullable(),
  startedAt: z.date().nullable(),
  exitedAt: z.date().nullable(),
  scoredAt: z.date().nullable(),
  ending: RunEnding.nullable(),
  exitCode: z.number().int().nullable(),
  sentence: z.string().nullable(),
  fault: z.string().nullable(),
  peakMemoryBytes: bigint,
  cpuSeconds: z.number().nullable(),
  gpuSeconds: z.number().nullable(),
  samples: z.array(RunSample).nullable(),
  logHash: z.string().nullable(),
  logBytes: z.number().int().nullable(),
  logSkipped: bigint,
  outputHash: z.string().nullable(),
  outputBytes: z.number().int().nullable(),
  notebookHash: z.string().nullable(),
  notebookBytes: z.number().int().nullable(),
  scores: Scores.nullable(),
  /** Its submission is still being graded by it. */
  held: z.boolean(),
  showLog: RunSettings.shape.showLog.unwrap(),
  revealed: z.boolean(),
});
export type RunRow = z.infer<typeof RunRow>;

interface Wanted {
  readonly submissionIds: readonly number[];
  /** Only the newest run of each. */
  readonly newest: boolean;
  readonly withSamples: boolean;
}

/** Runs of submissions, newest first. Who may see them is the caller's to check. */
export async function readRuns(db: Queryable, { submissionIds, newest, withSamples }: Wanted): Promise<RunRow[]> {
  return await rows(
    db,
    RunRow,
    `select run.submission_id as "submissionId",
            run.attempt,
            run.verifying,
            run.worker,
            run.runtime,
            run.image_name as "imageName",
            run.image_digest as "imageDigest",
            run.command,
            run.limits,
            run.seed::float8,
            run.gpus,
            run.inputs,
            run.output_name as "outputName",
            run.cell_seconds as "cellSeconds",
            run.answer_key_hash as "answerKeyHash",
            run.received_at as "receivedAt",
            run.claimed_at as "claimedAt",
            run.prepared_at as "preparedAt",
            run.started_at as "startedAt",
            run.exited_at as "exitedAt",
            run.scored_at as "scoredAt",
            run.ending::text,
            run.exit_code as "exitCode",
            run.sentence,
            run.fault,
            run.peak_memory_bytes as "peakMemoryBytes",
            run.cpu_seconds as "cpuSeconds",
            run.gpu_seconds as "gpuSeconds",
            case when $3 then run.samples end as samples,
            run.log_hash as "logHash",
            run.log_bytes as "logBytes",
            run.log_skipped as "logSkipped",
            run.output_hash as "outputHash",
            run.output_bytes as "outputBytes",
            run.notebook_hash as "notebookHash",
            run.notebook_bytes as "notebookBytes",
            run.scores,
            submission.state = 'running' and submission.attempt = run.attempt as held,
            coalesce(phase.run_settings ->> 'showLog', 'all') as "showLog",
            reveal.revealed
     from run
     join submission on submission.id = run.submission_id
     join phase on phase.id = submission.phase_id
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     cross join ${reveal} as reveal
     where run.submission_id = any($1)
       and (not $2 or run.attempt = (select max(attempt) from run newer where newer.submission_id = run.submission_id))
     order by run.submission_id desc, run.attempt desc`,
    [submissionIds, newest, withSamples],
  );
}

/** What an instructor lets students see of what programs print and write, which hidden inputs may be in. */
export type LogAccess = 'all' | 'tail' | 'none';

export function logAccess({ showLog }: Pick<RunRow, 'showLog'>, isStaff: boolean): LogAccess {
  return isStaff ? 'all' : showLog;
}

export function stageOf(row: RunRow): Run['stage'] {
  if (row.ending === null) return row.startedAt === null ? 'preparing' : 'running';
  return row.held && row.ending !== 'broken' && row.scoredAt === null ? 'scoring' : 'ended';
}

/** A run as JSON. The only place that decides what of it leaves the server for whom. */
export function runSummary(row: RunRow, isStaff: boolean): RunSummary {
  const access = logAccess(row, isStaff);
  const maySeePrivate = isStaff || row.revealed;
  // Hidden inputs fit into what is written as well as into what is printed, and so they do into a notebook's cells.
  const output = access === 'all' ? blobView(row.outputHash, row.outputBytes) : undefined;
  const notebook = access === 'all' ? blobView(row.notebookHash, row.notebookBytes) : undefined;
  return {
    attempt: row.attempt,
    verifying: row.verifying,
    stage: stageOf(row),
    ...(isStaff && { worker: row.worker }),
    runtime: row.runtime,
    image: { name: row.imageName, digest: row.imageDigest },
    command: row.command,
    limits: row.limits,
    seed: row.seed,
    gpus: row.gpus,
    ...(row.outputName !== null && { outputName: row.outputName }),
    ...(row.cellSeconds !== null && { cellSeconds: row.cellSeconds }),
    ...(isStaff && row.inputs !== null && { inputs: row.inputs }),
    ...(isStaff && row.answerKeyHash !== null && { answerKey: row.answerKeyHash }),
    receivedAt: row.receivedAt.toISOString(),
    claimedAt: row.claimedAt.toISOString(),
    ...(row.preparedAt && { preparedAt: row.preparedAt.toISOString() }),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.exitedAt && { exitedAt: row.exitedAt.toISOString() }),
    ...(row.scoredAt && { scoredAt: row.scoredAt.toISOString() }),
    ...(row.ending !== null && { ending: row.ending }),
    ...(row.exitCode !== null && { exitCode: row.exitCode }),
    ...(row.sentence !== null && { sentence: row.sentence }),
    ...(isStaff && row.fault !== null && { fault: row.fault }),
    ...(row.peakMemoryBytes !== null && { peakMemoryBytes: row.peakMemoryBytes }),
    ...(row.cpuSeconds !== null && { cpuSeconds: row.cpuSeconds }),
    ...(row.gpuSeconds !== null && { gpuSeconds: row.gpuSeconds }),
    ...(access !== 'none' && logView(row)),
    ...(output && { output }),
    ...(notebook && { notebook }),
    ...(row.scores && { scores: maySeePrivate ? row.scores : { public: roundedScores(row.scores.public) } }),
  };
}

export function runView(row: RunRow, isStaff: boolean): Run {
  return { ...runSummary(row, isStaff), samples: row.samples ?? [] };
}

function logView({ logHash, logBytes, logSkipped }: RunRow): Pick<Run, 'log'> {
  if (logHash === null || logBytes === null) return {};
  return { log: { bytes: logBytes, sha256: logHash, skipped: logSkipped ?? 0 } };
}

function blobView(sha256: string | null, bytes: number | null): Run['output'] {
  return sha256 === null || bytes === null ? undefined : { sha256, bytes };
}
