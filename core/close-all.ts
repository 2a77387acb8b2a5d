import type { Log } from './log.ts';

/**
 * A shutdown as a list of clean-ups, run in order, once, however often it is called. One that fails is logged and does not keep the next from
 * running.
 */
export function closeAll(log: Log, cleanUps: readonly (() => unknown)[]): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return async () => {
    closing ??= (async () => {
      for (const cleanUp of cleanUps) {
        try {
          await cleanUp();
        } catch (error) {
          log.warn({ err: error }, 'a clean-up failed');
        }
      }
    })();
    await closing;
  };
}
