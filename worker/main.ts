import { createLog } from '../core/log.ts';
import { readConfig } from './config.ts';
import { startWorker } from './start.ts';

const config = readConfig(process.env);
const log = createLog({ name: 'worker', level: config.logLevel });
const worker = await startWorker(config, log);
log.info({ concurrency: config.concurrency, threads: config.scoringThreads }, 'grading');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping');
    void worker.close().then(() => process.exit(0));
  });
}
