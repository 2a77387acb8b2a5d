import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../core/db/open.ts';
import { createLog } from '../core/log.ts';
import { seedDigitsTrain } from '../prisma/demo/seed-digits-train.ts';
import { seedDigits } from '../prisma/demo/seed-digits.ts';
import { migrate } from '../prisma/migrate.ts';
import { seedPeople, type DemoAccess } from '../prisma/seed.ts';
import { startChild } from './child.ts';
import { readAccess, welcome, writeDemo } from './demo.ts';
import { checkGivenServers } from './given.ts';
import { firstFreePort, freePort, isPortFree } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';
import { keepSecrets, type Secrets } from './secrets.ts';
import type { Sandbox } from './sandbox.ts';
import type { Settings } from './settings.ts';
import type { Supervisor } from './supervise.ts';

const root = dirname(import.meta.dirname);

type Context = { supervisor: Supervisor; sandbox: Sandbox; signal: AbortSignal; say(line: string): void };

/** Starts what is missing, in the order in which each needs the one before, and tells how to get in. */
export async function bringUp(settings: Settings, { supervisor, sandbox, signal, say }: Context): Promise<void> {
  const port = await choosePort(settings);
  await checkGivenServers(settings);
  const secrets = await keepSecrets(settings.dataDir);
  const databaseUrl = settings.databaseUrl ?? (await runPostgres(settings, secrets, supervisor));
  const redisUrl = settings.redisUrl ?? (await runRedis(settings, secrets, supervisor, say));
  signal.throwIfAborted();
  for (const name of await migrate(databaseUrl)) say(`applied the migration ${name}`);
  const access = await seedAccess(settings, databaseUrl);
  signal.throwIfAborted();

  const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, TOPK_DATA_DIR: settings.dataDir };
  const { logDir } = settings;
  await supervisor.run({
    name: 'api',
    start: async () =>
      startChild({
        name: 'api',
        script: join(root, 'api/main.ts'),
        env: { ...env, HOST: settings.host, PORT: String(port) },
        logDir,
      }),
  });
  await supervisor.run({
    name: 'worker',
    start: async () =>
      startChild({
        name: 'worker',
        script: join(root, 'worker/main.ts'),
        env: { ...env, ...(await sandbox.env()) },
        logDir,
      }),
  });
  const baseUrl = `http://${addressToCall(settings.host)}:${port}`;
  await untilReady(baseUrl, settings.logDir, signal);
  void sandbox.serve(databaseUrl).catch((error: unknown) => {
    if (!signal.aborted) say(`the images for training code could not be registered: ${String(error)}`);
  });
  await writeDemo(settings.dataDir, baseUrl, access);
  await seedDigits(baseUrl, access);
  await seedDigitsTrain(baseUrl, access);
  signal.throwIfAborted();
  console.log(welcome(baseUrl, access, join(root, 'examples/digits/submissions/random_forest.csv')));
}

async function choosePort({ port, host }: Settings): Promise<number> {
  if (port === undefined) return await firstFreePort(3000, host);
  if (await isPortFree(port, host)) return port;
  throw new Error(
    `TOPK_PORT is ${port}, and something listens there already: give another, or none to get the next free one`,
  );
}

async function runPostgres(
  { dataDir, logDir }: Settings,
  { postgresPassword: password }: Secrets,
  supervisor: Supervisor,
): Promise<string> {
  // Fixed from here on, so that one that had to be started again is found by those that use it.
  const port = await freePort();
  const options = { dir: join(dataDir, 'postgres'), port, password, logPath: join(logDir, 'postgres.log') };
  let url = '';
  await supervisor.run({
    name: 'postgres',
    start: async () => {
      const server = await startPostgres(options);
      url = server.url;
      return server;
    },
  });
  return url;
}

async function runRedis(
  { dataDir, logDir }: Settings,
  { redisPassword: password }: Secrets,
  supervisor: Supervisor,
  say: (line: string) => void,
): Promise<string> {
  const program = findRedis(say);
  const port = await freePort();
  const options = { dir: join(dataDir, 'redis'), port, password, program, logPath: join(logDir, 'redis.log') };
  let url = '';
  await supervisor.run({
    name: 'redis',
    start: async () => {
      const server = await startRedis(options);
      url = server.url;
      return server;
    },
  });
  return url;
}

async function seedAccess({ dataDir }: Settings, url: string): Promise<DemoAccess> {
  const database = openDatabase({ url, maxConnections: 2, log: createLog({ name: 'seed', level: 'warn' }) });
  try {
    return await seedPeople(database, await readAccess(dataDir));
  } finally {
    await database.close();
  }
}

/** A wildcard address can be listened on, but not called. */
function addressToCall(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function untilReady(baseUrl: string, logDir: string, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
      async (response) => (response.ok ? undefined : await response.text()),
      (error: unknown) => String(error),
    );
    if (answer === undefined) return;
    if (Date.now() > giveUpAt)
      throw new Error(`the api is not ready after a minute: ${answer} (see the logs in ${logDir})`);
    await sleep(50);
  }
}
