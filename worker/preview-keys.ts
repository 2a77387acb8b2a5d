import { setTimeout as sleep } from 'node:timers/promises';
import {
  claimPreview,
  endPreview,
  givePreviewBack,
  keepPreviewScore,
  nextToPreview,
  type HeldPreview,
} from '../core/submissions/key-preview.ts';
import { bounded } from './bounded.ts';
import { describe } from './faults.ts';
import { scoreAgainst } from './score.ts';
import type { Services } from './services.ts';

/**
 * Scores, one file after another, what a new answer key would change, and changes nothing. What is scored is kept at once, so a preview goes on after a
 * crash where it was.
 * @returns a function that stops it and waits for the file in progress
 */
export function startPreviewing(services: Services): () => Promise<void> {
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await previewNext(services, stopping.signal).catch((error: unknown) =>
        services.log.warn({ err: error }, 'the preview of an answer key broke off; it goes on soon'),
      );
      await sleep(services.config.sweepEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await loop;
  };
}

async function previewNext(services: Services, stopping: AbortSignal): Promise<void> {
  const { db, config, log } = services;
  // A file is scored within `gradeTimeoutMs`, and its score renews the lease.
  const leaseMs = config.gradeTimeoutMs + config.leaseMs;
  const held = await claimPreview(db.pool, leaseMs);
  if (held === undefined) return;
  try {
    for (;;) {
      if (stopping.aborted) return await givePreviewBack(db.pool, held);
      const next = await nextToPreview(db.pool, held);
      if (next === undefined) return await endPreview(db.pool, held, undefined);
      const values = await valuesOf(services, held, next.hash, stopping);
      if (!(await keepPreviewScore(db.pool, held, { submissionId: next.submissionId, ...values }, leaseMs))) return;
    }
  } catch (error) {
    if (stopping.aborted) return await givePreviewBack(db.pool, held);
    log.error({ err: error, previewId: held.previewId }, 'an answer key can’t be previewed');
    await endPreview(db.pool, held, describe(error));
  }
}

async function valuesOf(services: Services, held: HeldPreview, hash: string, stopping: AbortSignal) {
  const verdict = await bounded(
    { timeoutMs: services.config.gradeTimeoutMs, signal: stopping, lingerMs: 0 },
    async (signal) => await scoreAgainst(services, held, services.blobs.path(hash), signal),
  );
  if (verdict.kind !== 'scored') return { publicValue: null, privateValue: null };
  const { publicValue, privateValue } = verdict;
  return { publicValue, privateValue };
}
