import { setTimeout as sleep } from 'node:timers/promises';
import { labelOf } from '../../worker/executor/labels.ts';
import { RunLimits } from '../../core/contract/runs.ts';
import { digitsFile } from '../support/competitions.ts';
import { bareByApi, bareByProgram, hasDockerProgram, type Bare } from './runs-bare.ts';
import { median, type Report } from './report.ts';
import {
  readRunTimes,
  runCodeLike,
  send,
  startRunWorker,
  untilEnded,
  type RunSite,
  type RunTimes,
  type RunWorker,
} from './runs-site.ts';
import { createVariants } from './variants.ts';

interface Program {
  readonly name: string;
  /** Of the phase; none: the file that is sent is run. */
  readonly command: readonly string[];
  readonly source: (n: number) => string;
  readonly state: 'scored' | 'rejected';
  readonly hasTarget: boolean;
}

/** How many submissions tell of what has no target. */
const untargeted = 10;
const limits = { memoryMiB: 1024, cpus: 1, wallSeconds: 60 };

/** What a submission costs beside its program, with a container made ready before, against `docker run` of the same image with the same flags. */
export async function benchOverhead(report: Report, site: RunSite, runtime: string, submissions: number) {
  const variant = createVariants(await digitsFile('submissions/random_forest.csv'));
  const programs: readonly Program[] = [
    {
      name: 'true',
      command: ['true'],
      source: (n) => `# ${n}\n`,
      state: 'rejected',
      hasTarget: runtime === 'runc',
    },
    {
      name: 'import numpy',
      command: ['python3', '-c', 'import numpy'],
      source: (n) => `# ${n}\n`,
      state: 'rejected',
      hasTarget: runtime === 'runc',
    },
    {
      name: 'predictions written',
      command: [],
      source: (n) => `open("predictions.csv", "w").write(${JSON.stringify(variant(n).toString())})\n`,
      state: 'scored',
      hasTarget: false,
    },
  ];
  const spec = { image: site.image, limits: RunLimits.parse(limits), gpus: [], inputs: {} };
  const bareApi = bareByApi(site.engine, spec, runtime);
  const bareProgram = hasDockerProgram()
    ? await bareByProgram(site.engine, site.host, spec, runtime, site.stack.dir)
    : undefined;
  const worker = await startRunWorker(site, { SANDBOX_RUNTIME: runtime, WORKER_CPU_SLOTS: '1' });
  try {
    for (const program of programs) {
      await runCodeLike(site, { command: [...program.command], limits });
      await benchProgram(report, site, { program, worker, runtime, submissions, bareApi, bareProgram });
    }
  } finally {
    await worker.stop();
  }
}

interface Parts {
  readonly program: Program;
  readonly worker: RunWorker;
  readonly runtime: string;
  readonly submissions: number;
  readonly bareApi: Bare;
  readonly bareProgram: Bare | undefined;
}

async function benchProgram(report: Report, site: RunSite, parts: Parts): Promise<void> {
  const { program, worker, runtime, submissions, bareApi, bareProgram } = parts;
  const command = program.command.length > 0 ? program.command : ['true'];
  const all: RunTimes[] = [];
  const known: number[] = [];
  const bare = { api: new Array<number>(), program: new Array<number>() };
  const count = program.hasTarget ? submissions : Math.min(submissions, untargeted);
  // The first two have no container ready, and warm up.
  for (let n = -2; n < count; n++) {
    const sentMs = performance.now();
    const times = await submit(site, program, n + 2);
    const knownMs = performance.now();
    await untilReady(site, worker);
    if (n < 0) continue;
    known.push(knownMs - sentMs);
    all.push(times);
    // By turns, so that what else runs on the machine meets all alike.
    bare.api.push(await bareApi(command));
    if (bareProgram) bare.program.push(await bareProgram(command));
  }
  const own = median(all.map(({ startedMs, exitedMs }) => exitedMs - startedMs));
  const whole = median(all.map(({ queuedMs, finishedMs }) => finishedMs - queuedMs));
  const overhead = median(
    all.map(({ queuedMs, finishedMs, startedMs, exitedMs }) => finishedMs - queuedMs - (exitedMs - startedMs)),
  );
  const [peerName, peerTimes] = bareProgram
    ? ['docker run', bare.program]
    : ['create, start, wait by the API', bare.api];
  const peer = median(peerTimes);
  // Of a program that writes predictions there is no like: `true` stands for all that is not the program.
  const peerOwn = program.command.length > 0 ? own : 0;
  const label = `${runtime}, ${program.name}`;
  const met = overhead / (peer - peerOwn) <= 0.5;
  report.add({
    name: `${label}: queue to verdict, without the program`,
    value: overhead,
    unit: 'ms',
    peer: { name: `${peerName}, without it`, value: peer - peerOwn },
    ...(program.hasTarget && { target: { text: '≤ 0.5×', met } }),
  });
  if (program.command.length > 0) {
    report.add({ name: `${label}: with it`, value: whole, unit: 'ms', peer: { name: peerName, value: peer } });
    if (bareProgram)
      report.add({
        name: `${label}: with it`,
        value: whole,
        unit: 'ms',
        peer: { name: 'create, start, wait', value: median(bare.api) },
      });
  }
  const part = (from: keyof RunTimes & `${string}Ms`, to: keyof RunTimes & `${string}Ms`) =>
    median(all.map((times) => times[to] - times[from])).toFixed(0);
  report.note(
    `${label}, ms by phase, p50 of ${all.length}: waiting ${part('queuedMs', 'claimedMs')}, claim to prepared ${part('claimedMs', 'preparedMs')}, ` +
      `to started ${part('preparedMs', 'startedMs')}, program ${part('startedMs', 'exitedMs')}, exit to verdict ${part('exitedMs', 'finishedMs')}; ` +
      `a student knows after ${median(known).toFixed(0)}.`,
  );
}

async function submit(site: RunSite, { source, state }: Program, n: number): Promise<RunTimes> {
  const token = site.token(1 + (n % 10));
  const id = await send(site, token, 'main.py', source(n));
  await untilEnded(site, token, id, state);
  return await readRunTimes(site, id);
}

/** Waits until the worker has a container ready and nothing else at the daemon: what it clears away would be in the next one's time. */
async function untilReady({ engine }: RunSite, { name }: RunWorker): Promise<void> {
  const giveUpMs = performance.now() + 60_000;
  for (;;) {
    const found = await engine.listContainers({ label: `${labelOf.worker}=${name}` });
    const runs = found.filter(({ labels }) => labels[labelOf.kind] === 'run');
    const states = await Promise.all(runs.map(async ({ id }) => await engine.inspect(id)));
    const areReady = states.every((state) => state?.running) && runs.every((run) => run.name.startsWith('topk-shell-'));
    if (runs.length === 2 && areReady) break;
    if (performance.now() > giveUpMs) throw new Error('the worker makes no container ready');
    await sleep(50);
  }
  // Its runner has to start, too.
  await sleep(250);
}
