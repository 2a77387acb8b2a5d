import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BlobStore } from '../core/blobs/store.ts';
import { RunLimits } from '../core/contract/runs.ts';
import type { Database } from '../core/db/open.ts';
import { oneRow } from '../core/db/sql.ts';
import type { Claim } from '../core/submissions/claim.ts';
import type { Config } from './config.ts';
import { SandboxUnavailable, type Executor, type InputFile } from './executor/executor.ts';
import { metricInput } from './metric-input.ts';
import { metricResult, readMetricResult, type BoardRows, type CustomVerdict } from './metric-result.ts';

export interface CustomMetricServices {
  readonly config: Pick<Config, 'workerName' | 'dataDir'>;
  readonly db: Pick<Database, 'pool'>;
  readonly blobs: Pick<BlobStore, 'path'>;
  /** Undefined where this worker has no sandbox. */
  readonly executor: Executor | undefined;
}

export type CustomClaim = Pick<
  Claim,
  'submissionId' | 'attempt' | 'maxFileBytes' | 'answerKeyId' | 'answerKeyHash' | 'customMetric'
>;

export const customWallSeconds = 1800;
const limits = RunLimits.parse({
  wallSeconds: customWallSeconds,
  cpus: 1,
  memoryMiB: 4096,
  shmMiB: 16,
  tmpMiB: 64,
  outputMiB: 16,
  outputFiles: 100,
  logKiB: 64,
  processes: 64,
});

/**
 * Scores predictions with the instructor's own file, in a container of its own that holds the labels and nothing that a student wrote but the
 * predictions.
 * @param file the predictions as they were uploaded or fetched
 * @throws for all that is not the student's doing, with the scorer's own words for staff; SandboxUnavailable where it could not begin
 */
export async function scoreCustom(
  services: CustomMetricServices,
  held: CustomClaim,
  file: string,
  signal: AbortSignal,
): Promise<CustomVerdict> {
  const metric = held.customMetric;
  if (metric === null) throw new Error('the competition has no file for its custom metric');
  if (held.answerKeyHash === null) throw new Error('the phase has no answer key');
  if (services.executor === undefined) throw new SandboxUnavailable('this worker has no sandbox for the custom metric');
  const setup = await readSetup(services.db, held);
  const name = `metric-${held.submissionId}-${held.attempt}`;
  const scratch = join(services.config.dataDir, 'scratch', services.config.workerName, name);
  const fetched = join(scratch, 'fetched');
  try {
    await mkdir(fetched, { recursive: true });
    const input = await metricInput(file, scratch, held.maxFileBytes);
    if (input.kind === 'rejected') return input;
    const outcome = await services.executor.run(
      {
        name: `${services.config.workerName}-${name}`,
        labels: { 'topk.submission': String(held.submissionId), 'topk.attempt': String(held.attempt) },
        image: setup.image,
        limits,
        gpus: [],
        inputs: { data: await answerKeySet(services.blobs.path(held.answerKeyHash), held.answerKeyHash) },
        job: [
          await inputFile('metric.py', services.blobs.path(metric.hash)),
          await inputFile('submission.csv', input.file),
        ],
        command: ['python3', '/opt/topk/topk_score.py'],
        env: {},
        outputs: [metricResult],
      },
      {},
      fetched,
      signal,
    );
    signal.throwIfAborted();
    return await readMetricResult(outcome, setup.rows);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Setup {
  /** The newest scorer's digest. */
  readonly image: string;
  readonly rows: BoardRows;
}

async function readSetup({ pool }: Pick<Database, 'pool'>, { answerKeyId }: CustomClaim): Promise<Setup> {
  const { image, ...rows } = await oneRow(
    pool,
    z.object({ image: z.string().nullable(), public: z.number(), private: z.number() }),
    `select public_rows as "public",
            private_rows as "private",
            (select digest from grader_image where name = 'scorer' order by created_at desc limit 1) as image
     from answer_key
     where id = $1`,
    [answerKeyId],
  );
  if (image === null) throw new SandboxUnavailable('no scorer image is registered: run npm run images');
  return { image, rows };
}

/** Kept between runs, as each submission of a phase is scored with it; mounted into scorers only. */
async function answerKeySet(file: string, keyHash: string) {
  const hash = createHash('sha256').update(`scorer\0solution.csv\0${keyHash}`).digest('hex');
  return { hash, files: [await inputFile('solution.csv', file)] };
}

async function inputFile(path: string, file: string): Promise<InputFile> {
  return { path, source: { file, bytes: (await stat(file)).size } };
}
