import { join } from 'node:path';
import { endOnSignal } from '../core/end-on-signal.ts';
import { createLog } from '../core/log.ts';
import { readConfig } from './config.ts';
import { startApi } from './start.ts';

const config = readConfig(process.env);
const log = createLog({ name: 'api', level: config.logLevel });
const starting = startApi(config, log, join(import.meta.dirname, '../web/dist'));
endOnSignal(log, async () => await (await starting).close());
const { url } = await starting;
log.info({ url }, 'listening');
