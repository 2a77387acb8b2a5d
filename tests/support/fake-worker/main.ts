import { endOnSignal } from '../../../core/end-on-signal.ts';
import { createLog } from '../../../core/log.ts';
import { readConfig } from '../../../worker/config.ts';
import { startWorker } from '../../../worker/start.ts';
import { createFakeExecutor } from '../fake-executor.ts';

// A worker as it runs in earnest, but for the sandbox: what it "runs" ends with this process, as containers would at the next sweep.
const config = readConfig(process.env);
const log = createLog({ name: 'worker', level: config.logLevel });
const starting = startWorker(config, log, { connect: async () => await Promise.resolve(createFakeExecutor()) });
endOnSignal(log, async () => await (await starting).close());
await starting;
log.info('grading');
