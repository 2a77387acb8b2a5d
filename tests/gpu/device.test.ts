import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { detectGpus, type Gpu } from '../../worker/gpus/detect.ts';
import { createSmi } from '../../worker/gpus/nvidia-smi.ts';
import { createGpuPool } from '../../worker/gpus/pool.ts';
import { createProbe } from '../../worker/gpus/probe.ts';
import { createGpuSampler } from '../../worker/gpus/sample.ts';
import { until } from '../support/poll.ts';

/**
 * What a worker does with a GPU, on a real one. Needs NVIDIA's driver with an idle device; what computes needs a python3 with a torch that finds it.
 * Without Docker: how a device comes into a container is not tested here.
 */
const listing = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8' });
const hasDevice = listing.status === 0 && listing.stdout.includes('GPU-');
const hasTorch =
  hasDevice &&
  spawnSync('python3', ['-c', 'import torch; assert torch.cuda.is_available()'], { timeout: 300_000 }).status === 0;
if (!hasDevice) console.log('the tests on a real GPU are left out: nvidia-smi lists none here');
else if (!hasTorch) console.log('the tests that compute on the GPU are left out: python3 has no torch that finds it');

const quiet = { warn: () => undefined, info: () => undefined };
/** Takes 2 GiB, says so, and multiplies matrices until it is killed. */
const busyProgram = `
import torch
x = torch.randn(16384, 16384, device="cuda")
y = torch.empty(16384, 16384, device="cuda")
torch.cuda.synchronize()
print("busy", flush=True)
while True:
    for _ in range(20): torch.mm(x, x, out=y)
    torch.cuda.synchronize()
`;

describe.runIf(hasDevice)('a real GPU', { timeout: 300_000 }, () => {
  let gpu: Gpu;
  const smi = createSmi();
  const programs: ChildProcess[] = [];

  beforeAll(async () => {
    const { gpus, problems } = await detectGpus(smi, 'all');
    expect(problems).toEqual([]);
    const [first] = gpus;
    if (first === undefined) throw new Error(`nvidia-smi -L lists ${listing.stdout}, and none was detected`);
    gpu = first;
  });
  afterEach(() => {
    for (const program of programs.splice(0)) program.kill('SIGKILL');
  });

  async function compute(): Promise<ChildProcess> {
    const child = spawn('python3', ['-c', busyProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
    programs.push(child);
    for await (const line of createInterface({ input: child.stdout })) if (line === 'busy') return child;
    throw new Error('the program that is to compute ended');
  }

  it('is detected with its name, memory and driver, and by its index and its UUID', async () => {
    expect(listing.stdout).toContain(gpu.id);
    expect(listing.stdout).toContain(gpu.name);
    expect(gpu.memoryMiB).toBeGreaterThan(1024);
    expect(gpu.driver).toMatch(/^\d+\./);
    for (const wanted of ['0', gpu.id]) expect(await detectGpus(smi, [wanted])).toEqual({ gpus: [gpu], problems: [] });
    const { gpus, problems } = await detectGpus(smi, ['GPU-00000000-0000-0000-0000-000000000000']);
    expect(gpus).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(gpu.id)]);
    console.log(`tested on ${gpu.name}, ${gpu.memoryMiB} MiB, driver ${gpu.driver}`);
  });

  it.runIf(hasTorch)(
    'is busy while a program computes on it, and free within ten seconds of its being killed',
    async () => {
      const probe = createProbe(smi);
      expect(await probe(gpu)).toEqual({ kind: 'free' });
      const program = await compute();
      expect(await probe(gpu)).toMatchObject({ kind: 'busy' });
      program.kill('SIGKILL');
      const killed = performance.now();
      await until('the device is free', 10_000, async () => (await probe(gpu)).kind === 'free');
      console.log(`free ${Math.round(performance.now() - killed)} ms after its program was killed`);
    },
  );

  it.runIf(hasTorch)('is seen at work: utilisation, memory and device-seconds', async () => {
    const sampler = createGpuSampler({ log: quiet });
    try {
      const idle = sampler.meter([gpu.id]);
      await until('an idle reading', 30_000, async () => idle.read() !== undefined);
      const before = idle.read();
      idle.stop();
      await compute();
      const meter = sampler.meter([gpu.id]);
      const began = performance.now();
      await until('a busy reading', 60_000, async () => (meter.read()?.gpu ?? 0) > 0.5);
      await sleep(5000);
      const reading = meter.read();
      const used = meter.stop() ?? 0;
      const seconds = (performance.now() - began) / 1000;
      // 2 GiB and what CUDA itself takes.
      expect((reading?.memoryBytes ?? 0) - (before?.memoryBytes ?? 0)).toBeGreaterThan(2 * 2 ** 30);
      expect(used).toBeGreaterThan(0.4 * seconds - 2);
      expect(used).toBeLessThanOrEqual(seconds);
      console.log(`${used.toFixed(1)} device-seconds in ${seconds.toFixed(1)} s of computing`);
    } finally {
      sampler.close();
    }
  });

  it.runIf(hasTorch)('is leased to one run at a time, and to the next once nothing is left on it', async () => {
    const pool = createGpuPool({ gpus: [gpu], share: 1, probe: createProbe(smi), log: quiet });
    const stop = new AbortController();
    try {
      const first = await pool.lease(1, stop.signal);
      const program = await compute();
      let isServed = false;
      const second = pool.lease(1, stop.signal).then((lease) => {
        isServed = true;
        return lease;
      });
      await sleep(500);
      expect(isServed).toBe(false);
      // As after a run whose program outlived it: the device stays closed while that computes.
      first.release();
      await sleep(2000);
      expect(isServed).toBe(false);
      const killed = performance.now();
      program.kill('SIGKILL');
      (await second).release();
      console.log(`leased again ${Math.round(performance.now() - killed)} ms after what was left on it was killed`);
      const third = await pool.lease(1, stop.signal);
      const released = performance.now();
      third.release();
      (await pool.lease(1, stop.signal)).release();
      console.log(
        `${Math.round(performance.now() - released)} ms from one run to the next on a device that nothing is left on`,
      );
    } finally {
      stop.abort();
      pool.close();
    }
  });

  it.runIf(hasTorch)('is drained while a program stays on it, and comes back once that is gone', async () => {
    const pool = createGpuPool({
      gpus: [gpu],
      share: 1,
      probe: createProbe(smi),
      log: quiet,
      freeWithinMs: 1000,
      recheckMs: 1000,
    });
    try {
      const lease = await pool.lease(1, AbortSignal.timeout(60_000));
      const program = await compute();
      lease.release();
      await until('it is drained', 60_000, async () => pool.devices[0]?.state === 'drained');
      expect(pool.devices[0]?.reason).toMatch(/process|memory/);
      program.kill('SIGKILL');
      await until('it is back', 60_000, async () => pool.devices[0]?.state === 'idle');
    } finally {
      pool.close();
    }
  });

  it.runIf(hasTorch)('gives the same predictions each time the starter is trained on it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'topk-gpu-'));
    try {
      const demo = join(import.meta.dirname, '../../prisma/demo');
      const results: string[] = [];
      for (const attempt of ['a', 'b', 'c']) {
        const out = join(folder, attempt);
        await cp(join(demo, 'digits-train/starter.py'), join(out, 'main.py'));
        const began = performance.now();
        const run = spawnSync('python3', ['main.py'], {
          cwd: out,
          encoding: 'utf8',
          // What grader-images/README.md promises to a program.
          env: {
            ...process.env,
            TOPK_DATA: join(import.meta.dirname, '../../examples/digits'),
            TOPK_SEED: '542',
            CUBLAS_WORKSPACE_CONFIG: ':4096:8',
          },
        });
        expect(run.status, run.stderr).toBe(0);
        results.push(await readFile(join(out, 'predictions.csv'), 'utf8'));
        console.log(`the starter took ${((performance.now() - began) / 1000).toFixed(1)} s, its start included`);
      }
      expect(new Set(results).size).toBe(1);
      expect(results[0]?.split('\n').length).toBe(799);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
