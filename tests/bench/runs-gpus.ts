import { createFakeSmi, simulatedGpus } from '../support/fake-nvidia-smi.ts';
import { median, type Report } from './report.ts';
import {
  readRunTimes,
  runCodeLike,
  send,
  startRunWorker,
  untilEnded,
  type RunSite,
  type RunTimes,
} from './runs-site.ts';

const devices = 2;
const jobs = 4;
const rounds = 2;
/** What each job computes on its device; the CPU idles meanwhile, as it does with a real one. */
const computeSeconds = 3;

const job = (n: number) => `import time\nstarted = time.monotonic()\n# ${n}\ntime.sleep(${computeSeconds})\n`;

/** Four jobs on two devices: how long a device idles between one job and the next, whose container is made ready meanwhile. */
export async function benchGpus(report: Report, site: RunSite): Promise<void> {
  const smi = await createFakeSmi(simulatedGpus(devices));
  const worker = await startRunWorker(
    site,
    {
      PATH: `${smi.folder}:${process.env['PATH'] ?? ''}`,
      WORKER_GPUS: 'all',
      WORKER_CPU_SLOTS: '0',
      BENCH_SIMULATED_GPUS: String(devices),
    },
    'tests/bench/runs-worker.ts',
  );
  try {
    await runCodeLike(site, { limits: { memoryMiB: 512, cpus: 1, gpus: 1, wallSeconds: 60 } });
    const gaps: number[] = [];
    const idle: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const runs = await runJobs(site, round);
      const byDevice = Map.groupBy(runs, ({ gpus }) => gpus.join());
      if (byDevice.size !== devices) throw new Error(`${byDevice.size} of ${devices} devices were used`);
      for (const mine of byDevice.values()) gaps.push(...gapsOf(mine));
      idle.push(idleShare(runs));
    }
    const gap = gaps.reduce((sum, ms) => sum + ms, 0) / gaps.length;
    report.add({ name: 'GPU idle between two jobs, mean', value: gap, unit: 'ms' });
    report.add({ name: 'GPU idle between two jobs, longest', value: Math.max(...gaps), unit: 'ms' });
    const share = 100 * median(idle);
    report.add({
      name: `GPUs idle, ${jobs} jobs of ${computeSeconds} s on ${devices} simulated devices`,
      value: share,
      unit: '%',
      target: { text: '≤ 10 %', met: share <= 10 },
    });
    report.note(
      `From the first start to the last exit of ${rounds} rounds of ${jobs} jobs; ideal is 0 %. The devices are simulated: a fake nvidia-smi lists them, ` +
        'the worker leases and checks them as it does real ones, and Docker is not asked for any.',
    );
  } finally {
    await worker.stop();
    await smi.remove();
  }
}

async function runJobs(site: RunSite, round: number): Promise<RunTimes[]> {
  const sent = await Promise.all(
    Array.from({ length: jobs }, async (_, n) => {
      const token = site.token(1 + n);
      return { token, id: await send(site, token, 'main.py', job(round * jobs + n)) };
    }),
  );
  return await Promise.all(
    sent.map(async ({ token, id }) => {
      await untilEnded(site, token, id, 'rejected');
      return await readRunTimes(site, id);
    }),
  );
}

/** From each exit to the next start on the same device, in milliseconds. */
function gapsOf(runs: readonly RunTimes[]): number[] {
  const sorted = runs.toSorted((a, b) => a.startedMs - b.startedMs);
  return sorted.slice(1).map(({ startedMs }, index) => startedMs - (sorted[index]?.exitedMs ?? NaN));
}

/** Of the devices' time between the first start and the last exit. */
function idleShare(runs: readonly RunTimes[]): number {
  const from = Math.min(...runs.map(({ startedMs }) => startedMs));
  const to = Math.max(...runs.map(({ exitedMs }) => exitedMs));
  const busy = runs.reduce((sum, { startedMs, exitedMs }) => sum + exitedMs - startedMs, 0);
  return 1 - busy / (devices * (to - from));
}
