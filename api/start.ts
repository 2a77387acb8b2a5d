import type { AddressInfo } from 'node:net';
import { createBlobStore } from '../core/blobs/store.ts';
import { closeAll } from '../core/close-all.ts';
import { openDatabase } from '../core/db/open.ts';
import type { Log } from '../core/log.ts';
import { createChangeSender, listenForChanges } from '../core/queue/changes.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { createScoringPool } from '../core/scoring-pool/pool.ts';
import { buildApp, type AppOptions } from './app.ts';
import { createPrincipals } from './auth/principals.ts';
import { createClock } from './clock.ts';
import { createCompetitionCache } from './competitions/cache.ts';
import type { Config } from './config.ts';
import { createBoards } from './leaderboard/boards.ts';
import { createChangeHub } from './live/hub.ts';
import { createQueuePositions } from './live/positions.ts';
import { createMetrics } from './metrics.ts';
import { createGradersReader } from './runs/graders.ts';
import type { Services } from './services.ts';
import { createTurns } from './submissions/turns.ts';

export interface RunningApi {
  readonly url: string;
  /** Stops taking requests, ends streams, and lets go of everything; safe to call twice. */
  close(): Promise<void>;
}

/** Shorter than Postgres's lock timeout, so that one lock that is held refuses all who wait for it at about the same time. */
const maxTurnMs = 4_000;
const synchroniseEveryMs = 10_000;
const dayMs = 86_400_000;
const maxKeyBytes = 512 * 2 ** 20;

/** Connects, listens, and answers once requests are taken. */
export async function startApi(
  config: Config,
  log: Log,
  webDirectory: string,
  onRoute?: AppOptions['onRoute'],
): Promise<RunningApi> {
  const redis = { url: config.redisUrl, prefix: config.queuePrefix, log };
  const db = openDatabase({ url: config.databaseUrl, maxConnections: config.databaseConnections, log });
  const { pool } = db;
  const hub = createChangeHub();
  const services: Services = {
    config,
    db,
    dataDir: config.dataDir,
    blobs: createBlobStore(config.dataDir),
    doorbell: createDoorbell(redis),
    changes: createChangeSender(redis),
    hub,
    scoring: createScoringPool({ threads: config.checkThreads, maxKeyBytes }),
    clock: await createClock(pool),
    principals: createPrincipals(pool),
    competitions: createCompetitionCache(db),
    boards: createBoards(pool, hub),
    positions: createQueuePositions(pool, log),
    graders: createGradersReader(pool),
    turns: createTurns(maxTurnMs),
    metrics: createMetrics(pool),
  };
  const listener = listenForChanges(redis, (change) => {
    if (change.kind === 'access') {
      services.principals.forget();
      services.competitions.forget();
    }
    services.metrics.heard(change);
    hub.emit(change);
  });
  const synchronise = setInterval(() => {
    services.clock
      .synchronise()
      .catch((error: unknown) => log.warn({ err: error }, "Postgres's clock could not be read"));
  }, synchroniseEveryMs);

  await services.blobs.clearIncoming(dayMs);

  const app = await buildApp(services, {
    log,
    trustedProxies: config.trustedProxies,
    secure: config.secureCookies,
    webDirectory,
    onRoute,
  });
  await app.listen({ host: config.host, port: config.port });
  return {
    url: urlOf(app.server.address(), config.host),
    close: closeAll(log, [
      () => app.close(),
      () => clearInterval(synchronise),
      () => services.positions.close(),
      () => listener.close(),
      () => services.scoring.close(),
      () => services.doorbell.close(),
      () => services.changes.close(),
      () => db.close(),
    ]),
  };
}

function urlOf(address: string | AddressInfo | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}`;
}
