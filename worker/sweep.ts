import { transaction } from '../core/db/sql.ts';
import { freezeRevealed } from '../core/final-standing/freeze.ts';
import { tellOpened } from '../core/hooks/tell.ts';
import { feedBatch } from '../core/submissions/rerun-batch.ts';
import { dueRings, giveUpAbandoned } from '../core/submissions/sweep.ts';
import { repeat } from './repeat.ts';
import type { Services } from './services.ts';

/**
 * Looks every `sweepEveryMs` for what nobody works on and rings for it: a ring that Redis lost, a worker that died, a retry whose time has come.
 * Every worker sweeps, and they don't get in each other's way. This, not the queue, is why nothing is ever stuck.
 * @returns a function that stops it and waits for the sweep in progress
 */
export function startSweeper(services: Services): () => Promise<void> {
  return repeat({
    everyMs: services.config.sweepEveryMs,
    work: async () => await sweep(services),
    failed: (error) => services.log.warn({ err: error }, 'a sweep failed; the next one tries again'),
  });
}

async function sweep(services: Services): Promise<void> {
  const { db, doorbell, changes, config, log } = services;
  for (const { submissionId, phaseId, state } of await giveUpAbandoned(db.pool)) {
    log.error({ submissionId }, 'given up: every worker that graded it was lost');
    changes.send({ kind: 'submission', submissionId, phaseId, state, board: false });
  }
  const due = await dueRings(db.pool, config.ringEveryMs);
  if (due.length > 0) await doorbell.ring(due);
  await goOnWithReruns(services);
  await tellOpened(db.pool);
  for (const phaseId of await freezeRevealed(db.pool)) {
    log.info({ phaseId }, 'froze the final standing');
    changes.send({ kind: 'board', phaseId });
  }
}

async function goOnWithReruns({ db, doorbell }: Services): Promise<void> {
  for (let after = 0; ;) {
    const fed = await transaction(db.pool, async (client) => await feedBatch(client, after));
    if (fed === undefined) return;
    if (fed.requeued.length > 0) await doorbell.ring(fed.requeued);
    after = fed.batchId;
  }
}
