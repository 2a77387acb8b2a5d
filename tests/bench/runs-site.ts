import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { RunSettings } from '../../core/contract/runs.ts';
import { SubmissionState } from '../../core/contract/submissions.ts';
import { execute, oneRow } from '../../core/db/sql.ts';
import { openEngine, type Engine } from '../../worker/executor/docker.ts';
import { labelOf } from '../../worker/executor/labels.ts';
import { digitsFile } from '../support/competitions.ts';
import { createBenchClient, type BenchClient } from './client.ts';
import { makeClass, type Class } from './people.ts';
import { startStack, type Stack } from './stack.ts';

/** A Topk whose competition takes code, and the daemon that runs it. Its workers are started by whoever measures. */
export interface RunSite extends Class {
  readonly stack: Stack;
  readonly client: BenchClient;
  readonly host: string;
  readonly engine: Engine;
  /** A digest. */
  readonly image: string;
  stop(): Promise<void>;
}

export async function openRunSite(host: string, image: string): Promise<RunSite> {
  const stack = await startStack({ worker: false });
  const client = createBenchClient();
  const stop = async () => {
    client.close();
    await stack.stop();
  };
  try {
    const made = await makeClass(stack, { key: await digitsFile('solution.csv'), students: 10, teams: 10 });
    return { ...made, stack, client, host, engine: openEngine(host), image, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** From now on code is run like this. */
export async function runCodeLike(
  { stack, phaseId, image }: RunSite,
  settings: z.input<typeof RunSettings>,
): Promise<void> {
  await execute(
    stack.db.pool,
    `update phase set accepts = '{predictions,code}', run_settings = $2, image_digest = $3 where id = $1`,
    [phaseId, JSON.stringify(RunSettings.parse(settings)), image],
  );
}

export interface RunWorker {
  readonly name: string;
  /** Ends it, and removes whatever of it is still at the daemon. */
  stop(): Promise<void>;
}

/** @param script a worker of another kind than production's */
export async function startRunWorker(
  { stack, host, engine }: RunSite,
  env: Readonly<Record<string, string>>,
  script?: string,
): Promise<RunWorker> {
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const docker = { SANDBOX: 'docker', DOCKER_HOST: host, WORKER_NAME: name, WORKER_GPUS: 'none' };
  const worker = await stack.startWorker({ ...docker, ...env }, script);
  const stop = async () => {
    await worker.stop();
    const label = `${labelOf.worker}=${name}`;
    for (const found of await engine.listContainers({ label })) {
      await engine.remove(found.id);
      if (found.labels[labelOf.kind] === 'inputs') await engine.removeVolume(found.name);
    }
    for (const volume of await engine.listVolumes(label)) await engine.removeVolume(volume.name);
  };
  return { name, stop };
}

const Receipt = z.object({ id: z.number() });

/** Sends a file as a student does. @returns the submission's id */
export async function send({ stack, client, slug }: RunSite, token: string, name: string, text: string) {
  const url = `${stack.url}/api/v1/competitions/${slug}/submissions?filename=${name}`;
  return Receipt.parse(await client.post(url, token, [Buffer.from(text)], 'application/octet-stream', 202)).id;
}

const Event = z.object({ state: SubmissionState });

/** Waits as the page does, by server-sent events. @throws where it does not end as it should */
export async function untilEnded(site: RunSite, token: string, id: number, wanted: SubmissionState): Promise<void> {
  const { stack, client } = site;
  let state: SubmissionState = 'queued';
  await client.events(`${stack.url}/api/v1/submissions/${id}/events`, token, (data) => {
    ({ state } = Event.parse(JSON.parse(data)));
  });
  if (state === wanted) return;
  const { why } = await oneRow(
    stack.db.pool,
    z.object({ why: z.string().nullable() }),
    `select coalesce(fault, reason) as why from submission where id = $1`,
    [id],
  );
  throw new Error(`submission ${id} was to be ${wanted} and was ${state}: ${why}`);
}

/** Milliseconds since 1970. All clocks are this machine's; Postgres keeps whole milliseconds. */
const RunTimes = z.object({
  queuedMs: z.number(),
  claimedMs: z.number(),
  preparedMs: z.number(),
  startedMs: z.number(),
  exitedMs: z.number(),
  finishedMs: z.number(),
  gpus: z.array(z.string()),
});
export type RunTimes = z.infer<typeof RunTimes>;

export async function readRunTimes({ stack }: RunSite, id: number): Promise<RunTimes> {
  const ms = (column: string, name: string) => `extract(epoch from ${column})::float8 * 1000 as "${name}"`;
  return await oneRow(
    stack.db.pool,
    RunTimes,
    `select ${ms('submission.queued_at', 'queuedMs')},
            ${ms('submission.claimed_at', 'claimedMs')},
            ${ms('run.prepared_at', 'preparedMs')},
            ${ms('run.started_at', 'startedMs')},
            ${ms('run.exited_at', 'exitedMs')},
            ${ms('submission.finished_at', 'finishedMs')},
            run.gpus
     from submission
     join run on run.submission_id = submission.id and run.attempt = submission.attempt
     where submission.id = $1`,
    [id],
  );
}
