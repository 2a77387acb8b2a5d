import { join } from 'node:path';
import { createLog } from '../core/log.ts';
import { readConfig } from './config.ts';
import { startApi } from './start.ts';

const config = readConfig(process.env);
const log = createLog({ name: 'api', level: config.logLevel });
const api = await startApi(config, log, join(import.meta.dirname, '../web/dist'));
log.info({ url: api.url }, 'listening');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping');
    void api.close().then(() => process.exit(0));
  });
}
