import { Readable } from 'node:stream';
import { createBlobStore } from '../../core/blobs/store.ts';
import type { WorkerInfo } from '../../core/contract/workers.ts';
import { beginRun, type NewRun } from '../../core/submissions/runs.ts';
import { claim, type Claim } from '../../core/submissions/claim.ts';
import { RunSettings } from '../../core/contract/runs.ts';
import type { Database } from '../../core/db/open.ts';

export const tinyScript = 'print("hello")\n';

export const tinyNotebook = JSON.stringify({
  cells: [{ cell_type: 'code', source: 'print(1)', metadata: {}, outputs: [], execution_count: null }],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

/** Puts an image on the allow-list, as `npm run images` does once it has inspected it. */
export async function registerImage({ prisma }: Database, name: string, digest: string): Promise<string> {
  await prisma.graderImage.create({ data: { name, digest, bytes: 1_000_000_000 } });
  return digest;
}

/** Says that a worker is there, as its heartbeat does. */
export async function seeWorker({ prisma }: Database, name: string, info: Partial<WorkerInfo> = {}): Promise<void> {
  const complete: WorkerInfo = {
    queues: ['score', 'cpu'],
    slots: { score: 1, cpu: 1, gpu: 0 },
    sandbox: { kind: 'ready', runtime: 'runc' },
    gpus: [],
    node: 'v24',
    version: '0',
    ...info,
  };
  const seen = { seenAt: new Date(), info: complete };
  await prisma.worker.upsert({ where: { name }, create: { name, startedAt: new Date(), ...seen }, update: seen });
}

/** Takes code as a worker would, up to the start of its program. */
export async function startRun({ pool }: Database, submissionId: number, more: Partial<NewRun> = {}): Promise<Claim> {
  const held = await claim(pool, submissionId, 60_000, 'cpu');
  if (!held) throw new Error(`submission ${submissionId} can't be claimed`);
  const begun = await beginRun(pool, {
    submissionId,
    attempt: held.attempt,
    verifying: false,
    worker: 'the-worker-of-the-test',
    runtime: 'runc',
    image: { name: 'python', digest: held.imageDigest ?? '' },
    command: ['python3', '-u', 'main.py'],
    limits: RunSettings.parse({}).limits,
    seed: 542,
    gpus: [],
    inputs: held.files,
    outputName: 'predictions.csv',
    cellSeconds: null,
    answerKeyHash: held.answerKeyHash,
    receivedAt: held.receivedAt,
    claimedAt: held.claimedAt,
    ...more,
  });
  if (!begun) throw new Error('the run could not begin');
  return held;
}

/** As if a submission were code, and a worker had run it to its end: its log, output and notebook hold what it printed. */
export async function leaveRun(
  { db: { prisma }, dataDir }: { db: Database; dataDir: string },
  submissionId: number,
  printed: string,
): Promise<void> {
  const outcome = await createBlobStore(dataDir).put(Readable.from([Buffer.from(printed)]), 1000);
  if (outcome.kind !== 'stored') throw new Error('the log was not stored');
  const { hash, bytes } = outcome.blob;
  const { attempt, receivedAt, scores } = await prisma.submission.update({
    where: { id: submissionId },
    data: { kind: 'code', attempt: 1 },
  });
  await prisma.run.create({
    data: {
      submissionId,
      attempt,
      worker: 'a-secret-worker',
      runtime: 'runc',
      imageName: 'python',
      imageDigest: 'sha256:0',
      command: ['main.py'],
      gpus: [],
      limits: RunSettings.parse({}).limits,
      seed: 1,
      receivedAt,
      claimedAt: receivedAt,
      ending: 'exited',
      fault: 'a secret fault',
      logHash: hash,
      logBytes: bytes,
      logSkipped: 0,
      outputHash: hash,
      outputBytes: bytes,
      notebookHash: hash,
      notebookBytes: bytes,
      ...(scores !== null && { scores }),
    },
  });
}
