import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeLiveLogs } from '../core/live-log.ts';
import { execute, maybeRow } from '../core/db/sql.ts';
import { forgetOldDeliveries } from '../core/hooks/outbox.ts';
import { forgetOldMail } from '../core/mail/outbox.ts';
import { breakOrphans } from '../core/submissions/runs.ts';
import type { Executor } from './executor/executor.ts';
import type { Services } from './services.ts';

const liveLogMs = 3_600_000;
/** How long a worker that lost its claim has to say how its run ended. */
const orphanMs = 60_000;
/** A worker that has not been seen for so long is dead. */
const deadSeconds = 60;

/** Removes what runs have left: of this worker before it was killed, first, then again and again what others have. */
export function startTidying(services: Services): () => Promise<void> {
  const { config, log } = services;
  let working = begin().catch(warn);
  async function begin() {
    await rm(scratchOf(services), { recursive: true, force: true });
  }
  function warn(error: unknown) {
    log.warn({ err: error }, 'not all that runs have left was removed; the next time tries again');
  }
  const timer = setInterval(() => {
    working = working.then(async () => await tidy(services)).catch(warn);
  }, config.sandboxEveryMs);
  return async () => {
    clearInterval(timer);
    await working;
  };
}

async function tidy(services: Services): Promise<void> {
  const { db, config, changes, executor } = services;
  for (const run of await breakOrphans(db.pool, orphanMs)) changes.send({ kind: 'run', ...run });
  await removeLiveLogs(config.dataDir, liveLogMs);
  await forgetOldMail(db.pool);
  await forgetOldDeliveries(db.pool);
  await execute(db.pool, `delete from worker where seen_at < now() - interval '1 day'`);
  // First whether it is there: a sweep that fails says the same, but then the worker would go on taking code.
  if (executor !== undefined && (await services.sandbox.check())) await sweepSandbox(services, executor);
}

/** At a worker's start: all of its own name is from a life before. */
export async function sweepOwn({ config, log }: Pick<Services, 'config' | 'log'>, executor: Executor): Promise<void> {
  const removed = await executor.sweep(
    async (labels) => await Promise.resolve(labels['topk.worker'] !== config.workerName),
  );
  if (removed > 0) log.info({ removed }, 'removed what this worker had left before it was killed');
}

async function sweepSandbox({ db, config, log }: Services, executor: Executor): Promise<void> {
  const alive = new Map<string, Promise<boolean>>();
  const removed = await executor.sweep(async (labels) => {
    const name = labels['topk.worker'];
    if (name === undefined || name === config.workerName) return true;
    const known = alive.get(name) ?? isSeen({ db }, name);
    alive.set(name, known);
    return await known;
  });
  if (removed > 0) log.info({ removed }, 'removed what killed workers had left');
}

async function isSeen({ db }: Pick<Services, 'db'>, name: string): Promise<boolean> {
  const row = await maybeRow(
    db.pool,
    z.object({ seen: z.boolean() }),
    `select seen_at > now() - $2 * interval '1 s' as seen from worker where name = $1`,
    [name, deadSeconds],
  );
  return row?.seen ?? false;
}

function scratchOf({ config }: Pick<Services, 'config'>): string {
  return join(config.dataDir, 'scratch', config.workerName);
}
