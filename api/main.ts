import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { endOnSignal } from '../core/end-on-signal.ts';
import { createLog } from '../core/log.ts';
import { readConfig } from './config.ts';
import { startApi } from './start.ts';

// V8 otherwise collects the whole heap for every 64 MB of network buffers, seven times in an upload of 200 MB; so it weighs them with the rest.
setFlagsFromString('--external-memory-accounted-in-global-limit');

const config = readConfig(process.env);
const log = createLog({ name: 'api', level: config.logLevel });
const starting = startApi(config, log, join(import.meta.dirname, '../web/dist'));
endOnSignal(log, async () => await (await starting).close());
const { url } = await starting;
log.info({ url }, 'listening');
