import type { BlobStore } from '../core/blobs/store.ts';
import type { Database } from '../core/db/open.ts';
import type { ChangeSender } from '../core/queue/changes.ts';
import type { Doorbell } from '../core/queue/doorbell.ts';
import type { ScoringPool } from '../core/scoring-pool/pool.ts';
import type { Principals } from './auth/principals.ts';
import type { Clock } from './clock.ts';
import type { CompetitionCache } from './competitions/cache.ts';
import type { Config } from './config.ts';
import type { Boards } from './leaderboard/boards.ts';
import type { ChangeHub } from './live/hub.ts';
import type { QueuePositions } from './live/positions.ts';
import type { Metrics } from './metrics.ts';
import type { GradersReader } from './runs/graders.ts';
import type { Turns } from './submissions/turns.ts';

/** Everything that a route may need; made once in `startApi`, passed to each. */
export interface Services {
  readonly config: Pick<Config, 'secureCookies' | 'maxUploadBytes' | 'mail' | 'hookPrivateHosts'>;
  readonly db: Database;
  /** Where the live logs are that workers write. */
  readonly dataDir: string;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly changes: ChangeSender;
  readonly hub: ChangeHub;
  readonly scoring: ScoringPool;
  readonly clock: Clock;
  readonly principals: Principals;
  readonly competitions: CompetitionCache;
  readonly boards: Boards;
  readonly positions: QueuePositions;
  readonly graders: GradersReader;
  /** By team. */
  readonly turns: Turns;
  readonly metrics: Metrics;
}
