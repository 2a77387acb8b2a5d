import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackage } from '../../core/code/package.ts';
import type { RunEnding } from '../../core/contract/runs.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import type { Claim } from '../../core/submissions/claim.ts';
import { beginRun, endRun } from '../../core/submissions/runs.ts';
import type { Ending, Executor, Outcome, RunSpec } from '../executor/executor.ts';
import type { Services } from '../services.ts';
import { describe, LostClaim } from '../faults.ts';
import { keepFile, keepLog } from './keep.ts';
import { childOutOfMemoryNotice, sentenceFor } from './sentence.ts';
import { mayTell, notebookName, runSpec, shellSpec } from './spec.ts';
import { watchRun } from './watch.ts';

/** What became of code: predictions to be scored, or why there are none. */
export type Ran =
  | { readonly kind: 'predictions'; readonly hash: string; readonly notices: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly errors: readonly ProblemItem[] };

export interface Place {
  readonly executor: Pick<Executor, 'runtime' | 'run'>;
  /** Device ids that the run has to itself. */
  readonly gpus: readonly string[];
  /** Called when the program starts, and when nothing of it is left. */
  readonly onStarted: () => void;
  readonly onExited: () => void;
}

/**
 * Runs a submission's code once and keeps what came of it, with a row that tells of each stage. Rejects for our own faults only, and with the
 * signal's reason where it aborts; in either case nothing of the program is left.
 */
export async function runCode(services: Services, held: Claim, place: Place, signal: AbortSignal): Promise<Ran> {
  const { config, blobs } = services;
  const scratch = join(config.dataDir, 'scratch', config.workerName, `${held.submissionId}-${held.attempt}`);
  const folders = { code: join(scratch, 'code'), fetched: join(scratch, 'fetched') };
  try {
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
    const sent = { file: blobs.path(held.fileHash), bytes: held.fileBytes, name: held.fileName };
    const code = await unpackPackage(sent, folders.code);
    if (code.kind === 'refused') {
      const [first] = code.errors;
      return { kind: 'refused', reason: first?.message ?? 'The code can’t be read.', errors: code.errors };
    }
    const spec = specFor(services, held, place, code);
    await begin(services, held, place, spec);
    return await follow(services, held, place, spec, folders.fetched, signal);
  } finally {
    place.onExited();
    await rm(scratch, { recursive: true, force: true });
  }
}

function specFor(
  { config, blobs }: Services,
  held: Claim,
  { gpus }: Place,
  code: Pick<Parameters<typeof runSpec>[1], 'entry' | 'files'>,
): RunSpec {
  const { imageDigest, runSettings, files } = held;
  if (imageDigest === null) throw new Error('the phase has no image');
  const shell = shellSpec({ imageDigest, runSettings, files }, gpus, blobs.path);
  return runSpec(shell, { held, worker: config.workerName, entry: code.entry, files: code.files });
}

async function begin({ db, config }: Services, held: Claim, { executor, gpus }: Place, spec: RunSpec): Promise<void> {
  const begun = await beginRun(db.pool, {
    submissionId: held.submissionId,
    attempt: held.attempt,
    verifying: held.claimedHash !== null,
    worker: config.workerName,
    runtime: executor.runtime,
    image: { name: held.runSettings.image, digest: spec.image },
    command: spec.command,
    limits: spec.limits,
    seed: held.runSettings.seed,
    inputs: held.files,
    outputName: held.runSettings.output,
    cellSeconds: held.runSettings.cellSeconds,
    answerKeyHash: held.answerKeyHash,
    gpus,
    receivedAt: held.receivedAt,
    claimedAt: held.claimedAt,
  });
  if (!begun) throw new Error('the claim was lost before its run began');
}

async function follow(
  services: Services,
  held: Claim,
  { executor, gpus, onStarted, onExited }: Place,
  spec: RunSpec,
  scratch: string,
  signal: AbortSignal,
): Promise<Ran> {
  const meter = gpus.length > 0 ? services.gpuSampler.meter(gpus) : undefined;
  const watch = watchRun(services, held, meter, onStarted);
  try {
    const outcome = await executor.run(spec, watch.watcher, scratch, signal);
    onExited();
    const gpuSeconds = meter?.stop() ?? outcome.usage.gpuSeconds;
    await watch.close();
    return await conclude(services, held, spec, outcome, { samples: watch.samples, gpuSeconds }, signal);
  } finally {
    meter?.stop();
    await watch.close();
  }
}

/** Keeps what is left of a run and says what it comes to. */
async function conclude(
  { db, blobs, changes }: Services,
  held: Claim,
  spec: RunSpec,
  outcome: Outcome,
  measured: Pick<Parameters<typeof endRun>[2], 'samples' | 'gpuSeconds'>,
  signal: AbortSignal,
): Promise<Ran> {
  const { runSettings } = held;
  const file = outcome.files.get(runSettings.output);
  const [log, output, notebook] = await Promise.all([
    keepLog(blobs, outcome.log),
    keepFile(blobs, file),
    keepFile(blobs, outcome.files.get(notebookName)),
  ]);
  const sentence = sentenceFor({
    outcome,
    isNotebook: spec.outputs.some(({ name }) => name === notebookName),
    limits: spec.limits,
    wanted: { name: runSettings.output, file, maxBytes: held.maxFileBytes },
    log: log.text,
    mayTell: mayTell(held),
  });
  const cancelled = outcome.ending.kind === 'cancelled' && !(signal.reason instanceof LostClaim);
  await endRun(db.pool, held, {
    // Whoever takes the claim away means to end the run; else it was this worker that had to stop.
    ...(cancelled
      ? { ending: 'broken', fault: describe(signal.reason) }
      : { ending: endingOf(outcome.ending), sentence }),
    exitCode: outcome.ending.kind === 'exited' ? outcome.ending.code : undefined,
    exitedAt: outcome.exitedAt,
    peakMemoryBytes: outcome.usage.peakMemoryBytes,
    cpuSeconds: outcome.usage.cpuSeconds,
    ...measured,
    log,
    output: sentence === undefined ? output : undefined,
    notebook,
  });
  changes.send({ kind: 'run', submissionId: held.submissionId, attempt: held.attempt });
  if (outcome.ending.kind === 'cancelled') {
    signal.throwIfAborted();
    throw new Error('the sandbox cancelled a run that nobody cancelled');
  }
  if (sentence !== undefined || output === undefined)
    return { kind: 'refused', reason: sentence ?? 'The program wrote no output.', errors: [] };
  const notices = outcome.childOutOfMemory ? [childOutOfMemoryNotice(spec.limits)] : [];
  return { kind: 'predictions', hash: output.hash, notices };
}

function endingOf({ kind }: Ending): RunEnding {
  switch (kind) {
    case 'exited':
      return 'exited';
    case 'timed-out':
      return 'timed_out';
    case 'out-of-memory':
      return 'out_of_memory';
    case 'output-too-large':
      return 'output_too_large';
    case 'cancelled':
      return 'cancelled';
  }
}
