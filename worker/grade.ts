import { setTimeout as sleep } from 'node:timers/promises';
import { claim, giveBack, renew, type Claim } from '../core/submissions/claim.ts';
import { finish, release, type Verdict } from '../core/submissions/finish.ts';
import { score } from './score.ts';
import type { Services } from './services.ts';

/**
 * Grades one submission, from the claim to the verdict. Any number of calls for one submission are harmless: the claim is taken by one, and a verdict
 * is written only while the claim is held. What is our fault ends as a retry or, after a few, as `failed`; this rejects only where Postgres is
 * away, and then the lease runs out and the sweeper rings again.
 * @param stopping the worker shuts down: the claim is given back, at no cost
 */
export async function grade(services: Services, submissionId: number, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  const { db, log, config } = services;
  const held = await claim(db.pool, submissionId, config.leaseMs);
  if (held === undefined) return;
  tell(services, held, { state: 'running', board: false, waitedMs: held.waitedMs });
  const startedMs = performance.now();
  const lost = new AbortController();
  const done = new AbortController();
  const keeping = keepLease(services, held, lost, done.signal);
  try {
    const verdict = await bounded(
      config.gradeTimeoutMs,
      AbortSignal.any([stopping, lost.signal]),
      async (signal) => await score(services, held, signal),
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
    else await ownFault(services, held, error);
  } finally {
    done.abort();
    await keeping;
  }
}

/**
 * Runs `work` until it settles, `signal` aborts or the time is up, whichever is first. What does not listen to its signal is left behind:
 * a disk that hangs must not hold a claim for ever.
 */
async function bounded<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const abort = () => over.abort(signal.reason);
  const timer = setTimeout(() => over.abort(new Error(`grading took longer than ${timeoutMs} ms`)), timeoutMs);
  const ended = new Promise<never>((_resolve, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true });
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const working = work(over.signal);
  try {
    return await Promise.race([working, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // What ends later must not count as unhandled.
    working.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

/** Renews the lease until `done`; aborts `lost` where it is no longer ours, since then another worker may be grading. */
async function keepLease(
  { db, config, log }: Services,
  held: Claim,
  lost: AbortController,
  done: AbortSignal,
): Promise<void> {
  while (!done.aborted) {
    await sleep(config.leaseMs / 3, undefined, { signal: done }).catch(() => undefined);
    if (done.aborted) return;
    try {
      if (await renew(db.pool, held, config.leaseMs)) continue;
      lost.abort();
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

/** For staff, beside the log: the message, without a stack. */
function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
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
