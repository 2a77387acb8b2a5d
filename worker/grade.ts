import { setTimeout as sleep } from 'node:timers/promises';
import { claim, giveBack, renew, type Claim } from '../core/submissions/claim.ts';
import { finish, release } from '../core/submissions/finish.ts';
import type { Verdict } from '../core/submissions/verdict.ts';
import { customMetricName } from '../core/contract/scores.ts';
import { bounded } from './bounded.ts';
import { customWallSeconds } from './custom-metric.ts';
import { SandboxUnavailable } from './executor/executor.ts';
import { describe, LostClaim } from './faults.ts';
import { discreet, gradeCode, type Slot } from './grade-code.ts';
import { score } from './score.ts';
import type { Services } from './services.ts';

/** How long a program has to be killed and cleared away before its claim is given back. */
const killMs = 15_000;
/** How long a submission waits that came to a worker whose sandbox had just gone. */
const sandboxAwayMs = 5_000;

/**
 * Grades one submission, from the claim to the verdict. Any number of calls for one submission are harmless: the claim is taken by one, and a verdict
 * is written only while the claim is held. What is our fault ends as a retry or, after a few, as `failed`; this rejects only where Postgres is
 * away, and then the lease runs out and the sweeper rings again.
 * @param slot where code may run; undefined for what is only scored
 * @param stopping the worker shuts down: the claim is given back, at no cost
 */
export async function grade(
  services: Services,
  submissionId: number,
  slot: Slot | undefined,
  stopping: AbortSignal,
): Promise<void> {
  if (stopping.aborted) return;
  const { db, log, config } = services;
  const leaseMs = slot ? config.runLeaseMs : config.leaseMs;
  const held = await claim(db.pool, submissionId, leaseMs, slot?.needs ?? 'score');
  if (held === undefined) return;
  tell(services, held, { state: 'running', board: false, waitedMs: held.waitedMs });
  const startedMs = performance.now();
  const lost = new AbortController();
  const done = new AbortController();
  const keeping = keepLease(services, held, leaseMs, lost, done.signal);
  try {
    const seconds = (slot ? held.runSettings.limits.wallSeconds : 0) + (isCustom(held) ? customWallSeconds : 0);
    const verdict = await bounded(
      {
        timeoutMs: config.gradeTimeoutMs + seconds * 1000,
        signal: AbortSignal.any([stopping, lost.signal]),
        lingerMs: seconds > 0 ? killMs : 0,
      },
      async (signal) =>
        slot ? await gradeCode(services, held, slot, signal) : await scoreKept(services, held, signal),
    );
    if (await finish(db.pool, held, verdict)) {
      tell(services, held, { state: verdict.kind, board: true, gradedMs: performance.now() - startedMs });
    } else {
      log.warn({ submissionId, attempt: held.attempt }, 'the verdict came too late: the claim is no longer held');
    }
  } catch (error) {
    if (lost.signal.aborted)
      log.warn({ submissionId, attempt: held.attempt }, 'the lease was lost; another worker goes on');
    else if (stopping.aborted) await giveBack(db.pool, held);
    else if (error instanceof SandboxUnavailable && !(await services.sandbox.check()))
      await giveBack(db.pool, held, sandboxAwayMs);
    else await ownFault(services, held, error);
  } finally {
    done.abort();
    await keeping;
  }
}

function isCustom({ metrics }: Claim): boolean {
  return metrics.includes(customMetricName);
}

/** Scores where no code runs: what was sent, or of code what it wrote before. */
async function scoreKept(services: Services, held: Claim, signal: AbortSignal): Promise<Verdict> {
  const { kind, fileHash, claimedHash, keptHash } = held;
  const { blobs } = services;
  const sent = kind === 'predictions' ? fileHash : claimedHash;
  if (sent !== null) return await score(services, held, blobs.path(sent), signal);
  if (keptHash === null) throw new Error('there are no predictions to score, and the submission is not to be run');
  return discreet(held, await score(services, held, blobs.path(keptHash), signal));
}

/** Renews the lease until `done`; aborts `lost` where it is no longer ours, since then another worker may be grading. */
async function keepLease(
  { db, log }: Services,
  held: Claim,
  leaseMs: number,
  lost: AbortController,
  done: AbortSignal,
): Promise<void> {
  // Once a second for code: a cancellation is noticed by it.
  const everyMs = held.needs === 'score' ? leaseMs / 3 : Math.min(1_000, leaseMs / 3);
  while (!done.aborted) {
    await sleep(everyMs, undefined, { signal: done }).catch(() => undefined);
    if (done.aborted) return;
    try {
      if (await renew(db.pool, held, leaseMs)) continue;
      lost.abort(new LostClaim());
      return;
    } catch (error) {
      // Postgres is away for a moment: the guarded finish decides.
      log.warn({ err: error, submissionId: held.submissionId }, 'the lease could not be renewed');
    }
  }
}

async function ownFault(services: Services, held: Claim, error: unknown): Promise<void> {
  const { submissionId, attempt } = held;
  services.log.error({ err: error, submissionId, attempt }, 'grading broke');
  const outcome = await release(services.db.pool, held, describe(error));
  if (outcome === 'given-up') tell(services, held, { state: 'failed', board: false });
}

interface News {
  readonly state: Verdict['kind'] | 'running' | 'failed';
  readonly board: boolean;
  readonly waitedMs?: number;
  readonly gradedMs?: number;
}

function tell({ changes }: Services, { submissionId, phaseId }: Claim, news: News): void {
  changes.send({ kind: 'submission', submissionId, phaseId, ...news });
}
