import { endOnSignal } from '../core/end-on-signal.ts';
import { createLog } from '../core/log.ts';
import { readConfig } from './config.ts';
import { startWorker } from './start.ts';

const config = readConfig(process.env);
const log = createLog({ name: 'worker', level: config.logLevel });
const starting = startWorker(config, log);
endOnSignal(log, async () => await (await starting).close());
await starting;
log.info({ concurrency: config.concurrency, threads: config.scoringThreads }, 'grading');
