import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import type { RunSpec, ShellSpec } from './executor.ts';
import { maxIdleMs, shellKey, type Shell, type ShellMaker } from './shell.ts';

/** How many shapes of shell are kept ready at once. Each GPU of a machine makes one. */
const maxShapes = 8;
/** From a run's end to its verdict, most times. */
const retireMs = 150;

interface ShellsOptions {
  readonly maker: ShellMaker;
  /** How many are kept ready. */
  readonly count: number;
  readonly log: Log;
}

interface Waiting {
  readonly key: string;
  /** Undefined where it could not be made. */
  readonly shell: Promise<Shell | undefined>;
  readonly since: number;
}

/** Shells that are ready before they are asked for, of the shapes asked for last. */
export function createShells({ maker, count, log }: ShellsOptions) {
  const waiting: Waiting[] = [];
  /** Newest first. */
  let shapes: ShellSpec[] = [];
  const removing = new Set<Promise<void>>();
  let closed = false;

  function remember(spec: ShellSpec): void {
    const key = shellKey(spec);
    shapes = [spec, ...shapes.filter((shape) => shellKey(shape) !== key)].slice(
      0,
      Math.min(maxShapes, Math.max(1, count)),
    );
  }

  function remove(shell: Shell | Promise<Shell | undefined>): void {
    const work: Promise<void> = removeWithRetries(maker, shell)
      .catch((error: unknown) => log.warn({ err: error }, 'a container could not be removed; the sweep will'))
      .finally(() => removing.delete(work));
    removing.add(work);
  }

  function discard(entry: Waiting): void {
    waiting.splice(waiting.indexOf(entry), 1);
    remove(entry.shell);
  }

  function begin(spec: ShellSpec): Waiting {
    const shell = maker.make(spec).catch((error: unknown) => {
      log.warn({ err: error }, 'no container could be made ready');
      return undefined;
    });
    const entry = { key: shellKey(spec), shell, since: Date.now() };
    waiting.push(entry);
    return entry;
  }

  /** A daemon that does not answer has none: making a new one will say so. */
  async function isWaiting(shell: Shell): Promise<boolean> {
    return await maker.isWaiting(shell).catch(() => false);
  }

  /** Which keys to have ready, one for each shape in turn, newest first, up to `count`. */
  function wanted(): Map<string, { spec: ShellSpec; number: number }> {
    const plan = new Map(shapes.map((spec) => [shellKey(spec), { spec, number: 0 }]));
    const turns = [...plan.values()];
    for (let index = 0; index < count && turns.length > 0; index += 1) {
      const turn = turns[index % turns.length];
      if (turn !== undefined) turn.number += 1;
    }
    return plan;
  }

  function replenish(): Promise<unknown> {
    if (closed) return Promise.resolve();
    const plan = wanted();
    for (const entry of waiting.slice()) {
      const place = plan.get(entry.key);
      if (place === undefined || place.number === 0 || Date.now() - entry.since > maxIdleMs) discard(entry);
      else place.number -= 1;
    }
    const begun = [...plan.values()].flatMap(({ spec, number }) => Array.from({ length: number }, () => begin(spec)));
    return Promise.all(begun.map((entry) => entry.shell));
  }

  return {
    /** A ready one, or a new one. What was taken is replaced with the next `replenish`. */
    async take(spec: RunSpec): Promise<Shell> {
      remember(spec);
      const key = shellKey(spec);
      for (let entry = oldest(waiting, key); entry !== undefined; entry = oldest(waiting, key)) {
        waiting.splice(waiting.indexOf(entry), 1);
        const shell = await entry.shell;
        if (shell === undefined) continue;
        if (Date.now() - shell.madeAt < maxIdleMs && (await isWaiting(shell))) return shell;
        remove(shell);
      }
      return await maker.make(spec, spec.labels);
    },

    /** Resolves once what should be ready is, as far as it can be made. Never rejects. */
    async anticipate(spec: ShellSpec): Promise<void> {
      remember(spec);
      await replenish();
      await Promise.all(waiting.map((entry) => entry.shell));
    },

    replenish(): void {
      void replenish();
    },

    /** In the background; `close` waits for it. */
    remove,

    /** Removes what has served its run and replaces it, in a moment: both busy the disk, which the run's verdict waits for just then. */
    retire(shell: Shell): void {
      remove(sleep(retireMs, shell));
      setTimeout(() => void replenish(), retireMs);
    },

    async close(): Promise<void> {
      closed = true;
      for (const entry of waiting.slice()) discard(entry);
      while (removing.size > 0) await Promise.all(removing);
    },
  };
}

function oldest(waiting: readonly Waiting[], key: string): Waiting | undefined {
  return waiting.find((entry) => entry.key === key);
}

/** A daemon that restarts is back within seconds. */
async function removeWithRetries(maker: ShellMaker, making: Shell | Promise<Shell | undefined>): Promise<void> {
  const shell = await making;
  if (shell === undefined) return;
  try {
    await maker.remove(shell);
  } catch {
    await sleep(2000);
    await maker.remove(shell);
  }
}
