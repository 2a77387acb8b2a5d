import { appendFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { endOnSignal } from '../../core/end-on-signal.ts';
import { createLog } from '../../core/log.ts';
import { readConfig } from '../../worker/config.ts';
import { createDockerExecutor } from '../../worker/executor/sandbox.ts';
import { startWorker, type Surroundings } from '../../worker/start.ts';
import { withoutDevices } from '../support/simulated-gpus.ts';

// A worker as in production, that writes down how it fares, once a second; with BENCH_SIMULATED_GPUS its GPUs are not asked of Docker.
const config = readConfig(process.env);
const log = createLog({ name: 'worker', level: config.logLevel });
const { BENCH_VITALS: vitals, BENCH_SIMULATED_GPUS: simulated } = process.env;

const resolution = 10;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
const toMs = (ns: number) => Math.max(0, ns / 1e6 - resolution);
const timer = setInterval(() => {
  if (vitals === undefined) return;
  const line = { p99Ms: toMs(delay.percentile(99)), maxMs: toMs(delay.max), rssBytes: process.memoryUsage.rss() };
  delay.reset();
  void appendFile(vitals, `${JSON.stringify({ atMs: Date.now(), ...line })}\n`);
}, 1000);

const withSimulatedGpus: Surroundings = {
  connect: async () =>
    withoutDevices(
      await createDockerExecutor({
        host: config.dockerHost,
        runtime: config.runtime,
        installation: config.workerName,
        worker: config.workerName,
        ready: Number(simulated),
        log,
      }),
    ),
};
const starting = startWorker(config, log, simulated === undefined ? {} : withSimulatedGpus);
endOnSignal(log, async () => {
  clearInterval(timer);
  await (await starting).close();
});
await starting;
log.info('grading');
