import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './processes.ts';

type Process = Pick<Server, 'pid' | 'exited' | 'stop' | 'kill'>;

/** One of the processes of an instance. */
export type Service = { name: string; start(): Promise<Process> };

export type Supervisor = {
  /** Starts a service and, from then on, starts it again whenever it ends by itself. Rejects if the first start fails. */
  run(service: Service): Promise<void>;
  /** Ends all, last started first. One that fails to end does not keep the next from being ended. */
  stop(): Promise<void>;
  /** `kill -9` for all, at once. */
  kill(): Promise<void>;
};

type Hooks = {
  say(line: string): void;
  started(name: string, pid: number): Promise<void>;
  /** Called when a service ended and can't be brought back. */
  lost(reason: string): void;
};

type Slot = { service: Service; process: Process; startedAt: number; shortLives: number };

const longLifeMs = 60_000;
const maxShortLives = 8;

export function createSupervisor(hooks: Hooks): Supervisor {
  const slots: Slot[] = [];
  let stopping = false;

  async function watch(slot: Slot): Promise<void> {
    while (!stopping) {
      const how = await slot.process.exited;
      if (stopping) return;
      slot.shortLives = Date.now() - slot.startedAt > longLifeMs ? 1 : slot.shortLives + 1;
      if (slot.shortLives > maxShortLives)
        return hooks.lost(`${slot.service.name} ${how}, again and again: see its log`);
      const waitMs = Math.min(250 * 2 ** (slot.shortLives - 1), 10_000);
      hooks.say(`${slot.service.name} ${how}; it starts again in ${waitMs / 1000} s`);
      await sleep(waitMs, undefined, { ref: false });
      if (stopping) return;
      slot.startedAt = Date.now();
      slot.process = await slot.service.start();
      await hooks.started(slot.service.name, slot.process.pid);
      // Stopped while it started: nobody else would end it.
      if (stopping) await slot.process.stop();
    }
  }

  return {
    async run(service) {
      const slot: Slot = { service, process: await service.start(), startedAt: Date.now(), shortLives: 0 };
      slots.push(slot);
      await hooks.started(service.name, slot.process.pid);
      watch(slot).catch((error: unknown) => hooks.lost(`${service.name} can't be started again: ${String(error)}`));
    },
    async stop() {
      stopping = true;
      for (const { service, process } of slots.toReversed()) {
        await process
          .stop()
          .catch((error: unknown) => hooks.say(`${service.name} could not be stopped: ${String(error)}`));
      }
    },
    async kill() {
      stopping = true;
      await Promise.allSettled(slots.map(({ process }) => process.kill()));
    },
  };
}
