import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerInfo } from '../core/contract/workers.ts';
import type { Log } from '../core/log.ts';
import type { Executor } from './executor/executor.ts';
import { describe } from './faults.ts';

/** The sandbox as it comes and goes: Docker may be started after the worker, and restarted under it. */
export interface Sandbox {
  readonly status: WorkerInfo['sandbox'];
  /** Undefined while it is away. */
  readonly executor: Executor | undefined;
  /** Looks whether it is there; false: it is away now, and looked for. */
  check(): Promise<boolean>;
  close(): Promise<void>;
}

interface SandboxOptions {
  /** Undefined: this worker runs no code. Rejects while the sandbox is away. */
  readonly connect: (() => Promise<Executor>) | undefined;
  readonly everyMs: number;
  readonly log: Log;
  /** Called each time it has come or gone. */
  readonly onChange: (executor: Executor | undefined) => void;
}

export function openSandbox({ connect, everyMs, log, onChange }: SandboxOptions): Sandbox {
  let status: WorkerInfo['sandbox'] = connect
    ? { kind: 'away', why: 'it has not been looked for yet' }
    : { kind: 'off', why: 'SANDBOX=off' };
  let executor: Executor | undefined;
  const closed = new AbortController();

  async function look(open: () => Promise<Executor>): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        const found = await open();
        executor = found;
        status = { kind: 'ready', runtime: found.runtime };
        log.info({ runtime: found.runtime }, 'the sandbox is ready');
        onChange(found);
        return;
      } catch (error) {
        const why = describe(error);
        if (status.kind !== 'away' || status.why !== why)
          log.warn({ err: error }, 'there is no sandbox: only predictions are scored until there is one');
        status = { kind: 'away', why };
      }
      await sleep(everyMs, undefined, { signal: closed.signal }).catch(() => undefined);
    }
  }
  let looking = connect ? look(connect) : Promise.resolve();

  /** One at a time; who comes meanwhile gets the same answer. */
  let checking: Promise<boolean> | undefined;
  const checkNow = async () => {
    const here = executor;
    if (here === undefined || connect === undefined) return false;
    try {
      // Takes nothing from other workers, and answers only where the sandbox does.
      await here.sweep(async () => await Promise.resolve(true));
      return true;
    } catch (error) {
      if (executor !== here) return executor !== undefined;
      executor = undefined;
      status = { kind: 'away', why: describe(error) };
      log.warn({ err: error }, 'the sandbox is away: only predictions are scored until it is back');
      onChange(undefined);
      looking = here
        .close()
        .catch(() => undefined)
        .then(async () => await look(connect));
      return false;
    }
  };
  return {
    get status() {
      return status;
    },
    get executor() {
      return executor;
    },
    check: async () => {
      checking ??= checkNow().finally(() => {
        checking = undefined;
      });
      return await checking;
    },
    close: async () => {
      closed.abort();
      await looking;
      await executor?.close();
    },
  };
}
