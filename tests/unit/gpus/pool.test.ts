import { describe, expect, it } from 'vitest';
import type { Gpu } from '../../../worker/gpus/detect.ts';
import { createGpuPool, TooManyGpus, type GpuLease, type GpuPool } from '../../../worker/gpus/pool.ts';
import type { Health } from '../../../worker/gpus/probe.ts';

const gpusOf = (count: number): Gpu[] =>
  Array.from({ length: count }, (_, index) => ({ id: `GPU-${index}`, name: 'G', memoryMiB: 1, driver: '1' }));
const never = new AbortController().signal;
const quiet = { warn: () => undefined, info: () => undefined };

interface Bench {
  readonly pool: GpuPool;
  /** By id; free unless set. */
  readonly health: Map<string, Health>;
}

function bench(count: number, { share = 1, freeWithinMs = 40 } = {}): Bench {
  const health = new Map<string, Health>();
  const probe = async (gpu: Gpu): Promise<Health> => {
    await tick();
    return health.get(gpu.id) ?? { kind: 'free' };
  };
  const pool = createGpuPool({
    gpus: gpusOf(count),
    share,
    probe,
    log: quiet,
    freeWithinMs,
    lookEveryMs: 2,
    recheckMs: 5,
  });
  return { pool, health };
}

const tick = async () => await new Promise((resolve) => setImmediate(resolve));
const settled = async (pool: GpuPool, state: string) =>
  await expect
    .poll(() => pool.devices.map((device) => device.state), { interval: 1, timeout: 20_000 })
    .toContain(state);

describe('GPU leases', () => {
  it('give each run devices of its own, and the next its turn once they are free', async () => {
    const { pool } = bench(2);
    const first = await pool.lease(1, never);
    const second = await pool.lease(1, never);
    expect([first.ids, second.ids].flat().toSorted()).toEqual(['GPU-0', 'GPU-1']);
    expect(pool.devices.map((device) => device.state)).toEqual(['leased', 'leased']);
    const third = pool.lease(1, never);
    second.release();
    expect((await third).ids).toEqual(second.ids);
    pool.close();
  });

  it('serve a run that wants two before the single ones that came after it', async () => {
    const { pool } = bench(2);
    const order: string[] = [];
    const take = async (name: string, count: number) => {
      const lease = await pool.lease(count, never);
      order.push(name);
      return lease;
    };
    const a = await take('a', 1);
    const both = take('both', 2);
    const after = [take('b', 1), take('c', 1)];
    await tick();
    expect(order).toEqual(['a']);
    a.release();
    (await both).release();
    for (const lease of after) (await lease).release();
    expect(order).toEqual(['a', 'both', 'b', 'c']);
    pool.close();
  });

  it('refuse more than there are, with a sentence', async () => {
    const { pool } = bench(2);
    await expect(pool.lease(3, never)).rejects.toThrow(
      new TooManyGpus('This run asks for 3 GPUs, and this worker has 2.'),
    );
    await expect(bench(0).pool.lease(1, never)).rejects.toThrow('This run asks for 1 GPU, and this worker has none.');
    pool.close();
  });

  it('can be waited for no longer, which lets those behind pass', async () => {
    const { pool } = bench(2);
    const held = await pool.lease(1, never);
    const patience = new AbortController();
    const both = pool.lease(2, patience.signal);
    const single = pool.lease(1, never);
    patience.abort(new Error('cancelled'));
    await expect(both).rejects.toThrow('cancelled');
    expect((await single).ids).not.toEqual(held.ids);
    await expect(pool.lease(1, patience.signal)).rejects.toThrow('cancelled');
    const last = pool.lease(1, never);
    pool.close();
    await expect(last).rejects.toThrow('the worker stops');
  });

  it('share a device only as far as the worker says, and never one of a run that wants several', async () => {
    const { pool } = bench(2, { share: 2 });
    await expect.poll(() => pool.devices.map(({ state }) => state), { interval: 1 }).toEqual(['idle', 'idle']);
    const singles = [await pool.lease(1, never), await pool.lease(1, never)];
    // The second took the empty device, so a run on both has to wait for both.
    expect(new Set(singles.flatMap((lease) => lease.ids)).size).toBe(2);
    const more = [await pool.lease(1, never), await pool.lease(1, never)];
    const both = pool.lease(2, never);
    const behind = pool.lease(1, never);
    for (const lease of [...singles, ...more]) lease.release();
    const whole = await both;
    expect(whole.ids.toSorted()).toEqual(['GPU-0', 'GPU-1']);
    let served = false;
    void behind.then(() => (served = true));
    for (let i = 0; i < 20; i++) await tick();
    expect(served).toBe(false);
    whole.release();
    await behind;
    pool.close();
  });
});

describe('a device', () => {
  it('is not leased again while something of a run is left on it', async () => {
    const { pool, health } = bench(1, { freeWithinMs: 10_000 });
    const lease = await pool.lease(1, never);
    health.set('GPU-0', { kind: 'busy', reason: '700 MiB of its memory are in use' });
    lease.release();
    let served = false;
    const next = pool.lease(1, never).then((got) => {
      served = true;
      return got;
    });
    for (let i = 0; i < 50; i++) await tick();
    expect([served, pool.devices[0]?.state]).toEqual([false, 'checking']);
    health.delete('GPU-0');
    expect((await next).ids).toEqual(['GPU-0']);
    pool.close();
  });

  it('is drained where its memory stays used, reported, and back once it is free', async () => {
    const { pool, health } = bench(2);
    const lease = await pool.lease(1, never);
    const [id = ''] = lease.ids;
    health.set(id, { kind: 'busy', reason: '700 MiB of its memory are in use' });
    lease.release();
    await settled(pool, 'drained');
    expect(pool.devices.find((device) => device.id === id)?.reason).toBe('700 MiB of its memory are in use');
    const other = await pool.lease(1, never);
    expect(other.ids).not.toContain(id);
    // More than are healthy: not kept here, where no other worker would hear of it.
    const refused = 'This run asks for 2 GPUs, and this worker has 2, of which one can be used at present.';
    await expect(pool.lease(2, never)).rejects.toThrow(new TooManyGpus(refused));
    other.release();
    (await pool.lease(1, never)).release();
    health.delete(id);
    await expect.poll(() => pool.devices.every(({ state }) => state === 'idle'), { timeout: 20_000 }).toBe(true);
    expect((await pool.lease(2, never)).ids).toHaveLength(2);
    pool.close();
  });

  it('that is drained has those that can’t do without it given to other workers, though others wait before them', async () => {
    const { pool } = bench(2);
    const [first, second] = [await pool.lease(1, never), await pool.lease(1, never)];
    const before = pool.lease(1, never);
    const both = pool.lease(2, never);
    first.failed('CUDA error: an illegal memory access was encountered');
    await expect(both).rejects.toThrow(TooManyGpus);
    second.release();
    expect((await before).ids).toEqual(second.ids);
    pool.close();
  });

  it('that is drained while others wait for it leaves them to other workers', async () => {
    const { pool } = bench(1);
    const lease = await pool.lease(1, never);
    const waiting = pool.lease(1, never);
    lease.failed('CUDA error: an illegal memory access was encountered');
    const refused = 'This run asks for 1 GPU, and this worker has one, of which none can be used at present.';
    await expect(waiting).rejects.toThrow(new TooManyGpus(refused));
    pool.close();
  });

  it('that a run says has failed is drained at once, until it is found healthy', async () => {
    const { pool, health } = bench(2);
    health.set('GPU-0', { kind: 'broken', reason: '[GPU is lost]' });
    health.set('GPU-1', { kind: 'free' });
    await settled(pool, 'drained');
    const lease = await pool.lease(1, never);
    expect(lease.ids).toEqual(['GPU-1']);
    lease.failed('CUDA error: an illegal memory access was encountered');
    lease.failed('again');
    lease.release();
    expect(pool.devices[1]).toMatchObject({ state: 'drained', reason: expect.stringContaining('CUDA error') });
    await settled(pool, 'idle');
    expect((await pool.lease(1, never)).ids).toEqual(['GPU-1']);
    pool.close();
  });
});

describe.each([1, 3])('hundreds of runs on two devices, %i on each', (share) => {
  it('never hold a device twice, and each is served or ended by itself', async () => {
    const seed = 20_261_124 + share;
    const random = mulberry(seed);
    const { pool, health } = bench(2, { share, freeWithinMs: 3 });
    /** By device: the runs on it, by how many devices each has. */
    const held = new Map<string, number[]>(pool.devices.map(({ id }) => [id, []]));
    const ends = { served: 0, aborted: 0 };
    /** Comes again where too many are drained, as its submission's next ring does. */
    const leaseOrNothing = async (count: number, signal: AbortSignal): Promise<GpuLease | undefined> => {
      for (;;) {
        try {
          return await pool.lease(count, signal);
        } catch (error) {
          if (!(error instanceof TooManyGpus)) {
            expect(error).toMatchObject({ message: 'aborted' });
            return undefined;
          }
          await tick();
        }
      }
    };
    const run = async () => {
      const count = random() < 0.3 ? 2 : 1;
      const patience = new AbortController();
      if (random() < 0.3) setTimeout(() => patience.abort(new Error('aborted')), random() * 30);
      for (let i = Math.floor(random() * 30); i > 0; i--) await tick();
      const lease = await leaseOrNothing(count, patience.signal);
      if (lease === undefined) {
        ends.aborted++;
        return;
      }
      expect(lease.ids).toHaveLength(count);
      for (const id of lease.ids) {
        const there = held.get(id) ?? [];
        expect(there.length, `seed ${seed}: ${id} has ${there.join()} and gets one of ${count}`).toBeLessThan(share);
        if (count === 2 || there.includes(2)) expect(there, `seed ${seed}`).toEqual([]);
        there.push(count);
      }
      for (let i = Math.floor(random() * 5); i > 0; i--) await tick();
      for (const id of lease.ids) held.get(id)?.splice(held.get(id)?.indexOf(count) ?? 0, 1);
      if (random() < 0.05) {
        const [id = ''] = lease.ids;
        health.set(id, { kind: random() < 0.5 ? 'busy' : 'broken', reason: 'left on it' });
        setTimeout(() => health.delete(id), 8);
      }
      if (random() < 0.05) lease.failed('it broke');
      else lease.release();
      if (random() < 0.2) lease.release();
      ends.served++;
    };
    await Promise.all(Array.from({ length: 400 }, run));
    expect(ends.served + ends.aborted).toBe(400);
    expect(ends.served).toBeGreaterThan(100);
    await expect.poll(() => pool.devices.map(({ state }) => state), { timeout: 20_000 }).toEqual(['idle', 'idle']);
    pool.close();
  });
});

/** A small generator of numbers in [0, 1): the same sequence for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
