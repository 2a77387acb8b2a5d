import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSmi } from '../../../worker/gpus/nvidia-smi.ts';
import { createProbe } from '../../../worker/gpus/probe.ts';
import { createGpuSampler } from '../../../worker/gpus/sample.ts';
import { createFakeSmi, simulatedGpus, type FakeGpu, type FakeSmi } from '../../support/fake-nvidia-smi.ts';

const [first = { uuid: '' }, second = { uuid: '' }] = simulatedGpus(2);
const gpu = (of: FakeGpu, parent?: string) => ({
  id: of.uuid,
  name: 'G',
  memoryMiB: 1,
  driver: '1',
  ...(parent !== undefined && { parent }),
});
const quiet = { warn: () => undefined };

let fake: FakeSmi;
beforeEach(async () => {
  fake = await createFakeSmi([first, second]);
});
afterEach(async () => await fake.remove());

describe('whether a device is free', () => {
  it('is told by its processes and its memory, each device by itself', async () => {
    const probe = createProbe(createSmi(fake.program));
    await fake.set([
      { ...first, usedMiB: 500 },
      { ...second, usedMiB: 3 },
    ]);
    expect(await probe(gpu(first))).toEqual({ kind: 'free' });
    await fake.set([{ ...first, usedMiB: 500, apps: [4711] }, second]);
    expect(await probe(gpu(first))).toEqual({ kind: 'busy', reason: '1 compute processes are on it' });
    expect(await probe(gpu(second))).toEqual({ kind: 'free' });
    // The process is gone, what it took is not.
    await fake.set([{ ...first, usedMiB: 20_000 }, second]);
    expect(await probe(gpu(first))).toEqual({
      kind: 'busy',
      reason: '20000 MiB of its memory are in use, 500 MiB when it is idle',
    });
    await fake.set([{ ...first, usedMiB: 620 }, second]);
    expect(await probe(gpu(first))).toEqual({ kind: 'free' });
  });

  it('is not so where the driver lost it, does not list it, fails or hangs', async () => {
    const probe = createProbe(createSmi(fake.program));
    for (const usedMiB of ['[GPU is lost]', 'ERR!', '[Unknown Error]', '[GPU requires reset]']) {
      await fake.set([{ ...first, usedMiB }, second]);
      expect(await probe(gpu(first))).toEqual({ kind: 'broken', reason: usedMiB });
    }
    await fake.set([{ ...first, usedMiB: '[N/A]' }]);
    expect(await probe(gpu(first))).toEqual({ kind: 'free' });
    expect(await probe(gpu(second))).toMatchObject({
      kind: 'broken',
      reason: expect.stringContaining('does not list'),
    });
    await fake.breakWith('Unable to determine the device handle for GPU 0000:3B:00.0: Unknown Error', 15);
    expect(await probe(gpu(first))).toMatchObject({ kind: 'broken', reason: expect.stringContaining('device handle') });
    await fake.hang();
    expect(await createProbe(createSmi(fake.program, 300))(gpu(first))).toMatchObject({
      kind: 'broken',
      reason: expect.stringContaining('did not answer'),
    });
  });

  it('is judged by its device where it is a MIG instance, of which nvidia-smi tells nothing', async () => {
    const probe = createProbe(createSmi(fake.program));
    const instance = gpu({ uuid: 'MIG-1' }, first.uuid);
    await fake.set([{ ...first, usedMiB: 9000, apps: [1] }]);
    expect(await probe(instance)).toEqual({ kind: 'free' });
    await fake.set([{ ...first, usedMiB: '[GPU is lost]' }]);
    expect(await probe(instance)).toMatchObject({ kind: 'broken' });
  });
});

/** What does not answer for five of these is started anew, so a program has to be able to start in that time. */
const everyMs = 400;

describe('the sampler', () => {
  it('adds up what a run’s own devices did', async () => {
    await fake.set([
      { ...first, utilisation: 50, usedMiB: 100 },
      { ...second, utilisation: 100, usedMiB: 200 },
    ]);
    const sampler = createGpuSampler({ program: fake.program, everyMs, log: quiet });
    const one = sampler.meter([first.uuid]);
    const both = sampler.meter([first.uuid, second.uuid]);
    expect(one.read()).toBeUndefined();
    await expect.poll(() => both.read(), { interval: 20 }).toEqual({ gpu: 1.5, memoryBytes: 300 * 2 ** 20 });
    const begunMs = performance.now();
    expect(one.read()).toEqual({ gpu: 0.5, memoryBytes: 100 * 2 ** 20 });
    await expect.poll(() => performance.now() - begunMs, { interval: 50 }).toBeGreaterThan(6 * everyMs);
    const seconds = (performance.now() - begunMs) / 1000;
    const [a = 0, b = 0] = [one.stop(), both.stop()];
    expect(b / a).toBeCloseTo(3, 0);
    expect(a).toBeGreaterThan(0.1 * seconds);
    expect(a).toBeLessThan(0.5 * (seconds + (2 * everyMs) / 1000));
    sampler.close();
  });

  it('tells nothing of devices without figures', async () => {
    await fake.set([{ ...first, utilisation: '[N/A]' }, second]);
    const sampler = createGpuSampler({ program: fake.program, everyMs, log: quiet });
    const [meter, idle] = [sampler.meter([first.uuid]), sampler.meter([second.uuid])];
    await expect.poll(() => idle.read(), { interval: 20 }).toBeDefined();
    expect([meter.read(), meter.stop()]).toEqual([undefined, undefined]);
    expect(idle.stop()).toBe(0);
    sampler.close();
  });

  it('goes on after nvidia-smi ended or hung, and counts nothing for the gap', async () => {
    await fake.set([{ ...first, utilisation: 100 }]);
    const sampler = createGpuSampler({ program: fake.program, everyMs, log: quiet });
    const meter = sampler.meter([first.uuid]);
    await expect.poll(() => meter.read(), { interval: 20 }).toBeDefined();
    for (const breakIt of [async () => await fake.hang(), async () => await fake.breakWith('it broke')]) {
      await breakIt();
      await expect.poll(() => meter.read(), { interval: 20 }).toBeUndefined();
      await fake.breakWith(undefined);
      await expect.poll(() => meter.read(), { interval: 20, timeout: 5_000 }).toMatchObject({ gpu: 1 });
    }
    meter.stop();
    sampler.close();
  });
});
