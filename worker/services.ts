import type { BlobStore } from '../core/blobs/store.ts';
import type { Database } from '../core/db/open.ts';
import type { Log } from '../core/log.ts';
import type { ChangeSender } from '../core/queue/changes.ts';
import type { Doorbell } from '../core/queue/doorbell.ts';
import type { ScoringPool } from '../core/scoring-pool/pool.ts';
import type { Config } from './config.ts';
import type { Executor } from './executor/executor.ts';
import type { GpuPool } from './gpus/pool.ts';
import type { GpuSampler } from './gpus/sample.ts';
import type { Sandbox } from './sandbox.ts';

/** Everything that grading and sweeping need. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly changes: ChangeSender;
  readonly scoring: ScoringPool;
  readonly sandbox: Pick<Sandbox, 'status' | 'check'>;
  /** Undefined where this worker has no sandbox, or none now. */
  readonly executor: Executor | undefined;
  readonly gpus: GpuPool;
  readonly gpuSampler: GpuSampler;
}
