import type { BlobStore } from '../core/blobs/store.ts';
import type { Database } from '../core/db/open.ts';
import type { Log } from '../core/log.ts';
import type { ChangeSender } from '../core/queue/changes.ts';
import type { Doorbell } from '../core/queue/doorbell.ts';
import type { ScoringPool } from '../core/scoring-pool/pool.ts';
import type { Config } from './config.ts';

/** Everything that grading and sweeping need. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly changes: ChangeSender;
  readonly scoring: ScoringPool;
}
