import type { Log } from './log.ts';

const withinMs = 3_500;

/**
 * Ends this process in good order on SIGINT or SIGTERM, and the hard way where that takes longer than a few seconds: a disk or a network that
 * hangs must not hold up a restart, and nothing is lost with a process. To be called before any work starts.
 */
export function endOnSignal(log: Log, close: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error('not stopped in time: ending the hard way');
        // process.exit waits for every thread, also for one that hangs in a system call.
        process.kill(process.pid, 'SIGKILL');
      }, withinMs).unref();
      void close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    });
  }
}
