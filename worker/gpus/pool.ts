import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import type { Gpu } from './detect.ts';
import type { Probe } from './probe.ts';

/** Devices that a run has to itself until it lets go. Each of the two ways to let go works once; what follows does nothing. */
export interface GpuLease {
  readonly ids: readonly string[];
  /** The run is over: its devices are looked at, and leased again once nothing of it is left on them. */
  release(): void;
  /** As `release`, of a run that said that a device does not work: they are drained until they are found healthy. */
  failed(reason: string): void;
}

/** `checking`: looked at after a run. `drained`: not leased before it is found healthy. */
export type GpuState = 'idle' | 'leased' | 'checking' | 'drained';

export interface GpuReport {
  readonly id: string;
  readonly name: string;
  readonly memoryMiB: number | undefined;
  readonly driver: string | undefined;
  readonly state: GpuState;
  /** Why it is drained. */
  readonly reason: string | undefined;
}

export interface GpuPool {
  /** As they are now. */
  readonly devices: readonly GpuReport[];
  /**
   * Waits its turn: who asked first is served first, and what asks for one device does not overtake what waits for several, lest that wait for ever.
   * @throws TooManyGpus where not that many are healthy, now or later while it waits: another worker may have them; the signal's reason once it aborts
   */
  lease(count: number, signal: AbortSignal): Promise<GpuLease>;
  /** Ends all waiting; what is leased stays leased. */
  close(): void;
}

/** A run asks for more devices than this worker has, or has without those that are drained. The message is for people. */
export class TooManyGpus extends Error {}

export interface GpuPoolOptions {
  readonly gpus: readonly Gpu[];
  /** Runs on one device at a time. A run on several devices has each to itself whatever this says. */
  readonly share: number;
  readonly probe: Probe;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** How long a run's remains may stay on a device. */
  readonly freeWithinMs?: number;
  readonly lookEveryMs?: number;
  /** How often a drained device is looked at. */
  readonly recheckMs?: number;
}

interface Device {
  readonly gpu: Gpu;
  runs: number;
  /** A run on several devices is on it. */
  whole: boolean;
  checking: boolean;
  drained: string | undefined;
}

interface Waiting {
  readonly count: number;
  readonly serve: (devices: readonly Device[]) => void;
  readonly refuse: (reason: unknown) => void;
}

export function createGpuPool(options: GpuPoolOptions): GpuPool {
  const { gpus, share, probe, log, freeWithinMs = 10_000, lookEveryMs = 250, recheckMs = 60_000 } = options;
  const devices = gpus.map((gpu): Device => ({ gpu, runs: 0, whole: false, checking: false, drained: undefined }));
  const waiting = new Set<Waiting>();
  const closed = new AbortController();
  // Somebody else may be using them.
  for (const device of devices) void check(device);

  function serveWaiting(): void {
    const healthy = devices.filter((device) => device.drained === undefined).length;
    let isHeldUp = false;
    for (const request of waiting) {
      if (request.count > healthy) {
        // Not to be kept waiting for a repair: as long as it waits here no other worker hears of it.
        waiting.delete(request);
        request.refuse(new TooManyGpus(tooMany(request.count, healthy, devices.length)));
        continue;
      }
      if (isHeldUp) continue;
      const chosen = choose(request.count);
      if (chosen === undefined) {
        isHeldUp = true;
        continue;
      }
      waiting.delete(request);
      for (const device of chosen) {
        device.runs++;
        device.whole = request.count > 1;
      }
      request.serve(chosen);
    }
  }

  /** Undefined where there are not enough now. One that nobody uses is better than one to share. */
  function choose(count: number): Device[] | undefined {
    const usable = devices.filter(({ drained, checking, whole, runs }) => {
      return drained === undefined && !checking && !whole && runs < (count > 1 ? 1 : share);
    });
    if (usable.length < count) return undefined;
    return usable.toSorted((a, b) => a.runs - b.runs).slice(0, count);
  }

  function letGo(device: Device): void {
    device.runs--;
    if (device.runs > 0) return;
    device.whole = false;
    void check(device);
  }

  /** Keeps a device from being leased until it is found free; drains it where that does not come about in time. */
  async function check(device: Device): Promise<void> {
    if (device.checking || device.drained !== undefined) return;
    device.checking = true;
    const deadline = performance.now() + freeWithinMs;
    let problem = '';
    while (!closed.signal.aborted) {
      const health = await probe(device.gpu);
      if (health.kind === 'free') problem = '';
      else problem = health.reason;
      if (health.kind !== 'busy' || performance.now() >= deadline) break;
      await pause(lookEveryMs);
    }
    device.checking = false;
    if (closed.signal.aborted) return;
    if (problem !== '') drain(device, problem);
    serveWaiting();
  }

  function drain(device: Device, reason: string): void {
    if (device.drained !== undefined) return;
    device.drained = reason;
    log.warn({ gpu: device.gpu.id, reason }, 'a GPU is drained: no run gets it until it is found healthy');
    serveWaiting();
    void recover(device);
  }

  async function recover(device: Device): Promise<void> {
    while (!closed.signal.aborted) {
      await pause(recheckMs);
      if (device.runs > 0 || closed.signal.aborted) continue;
      const health = await probe(device.gpu);
      // Another run can't have come: it is drained.
      if (health.kind === 'free') break;
      device.drained = health.reason;
    }
    if (closed.signal.aborted) return;
    device.drained = undefined;
    log.info({ gpu: device.gpu.id }, 'a drained GPU is healthy again');
    serveWaiting();
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closed.signal, ref: false }).catch(() => undefined);
  }

  function leaseOf(held: readonly Device[]): GpuLease {
    let over = false;
    const end = (reason?: string) => {
      if (over) return;
      over = true;
      for (const device of held) {
        if (reason !== undefined) drain(device, reason);
        letGo(device);
      }
      serveWaiting();
    };
    return { ids: held.map((device) => device.gpu.id), release: () => end(), failed: end };
  }

  return {
    get devices() {
      return devices.map(report);
    },
    lease: async (count, signal) => {
      signal.throwIfAborted();
      closed.signal.throwIfAborted();
      if (count < 1) throw new Error(`a lease of ${count} GPUs`);
      const { promise, resolve, reject } = Promise.withResolvers<GpuLease>();
      const request: Waiting = { count, serve: (chosen) => resolve(leaseOf(chosen)), refuse: reject };
      const abort = () => {
        // What was served in the meantime is the caller's already.
        if (!waiting.delete(request)) return;
        reject(signal.reason);
        serveWaiting();
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(request);
      serveWaiting();
      return await promise.finally(() => signal.removeEventListener('abort', abort));
    },
    close: () => {
      closed.abort(new Error('the worker stops'));
      for (const { refuse } of waiting) refuse(closed.signal.reason);
      waiting.clear();
    },
  };
}

function report({ gpu, runs, checking, drained }: Device): GpuReport {
  const { id, name, memoryMiB, driver } = gpu;
  const state = drained !== undefined ? 'drained' : runs > 0 ? 'leased' : checking ? 'checking' : 'idle';
  return { id, name, memoryMiB, driver, state, reason: drained };
}

function tooMany(count: number, healthy: number, there: number): string {
  const inWords = (number: number) => (number === 0 ? 'none' : number === 1 ? 'one' : String(number));
  const asks = `This run asks for ${count} GPU${count === 1 ? '' : 's'}, and this worker has ${inWords(there)}`;
  return healthy === there ? `${asks}.` : `${asks}, of which ${inWords(healthy)} can be used at present.`;
}
