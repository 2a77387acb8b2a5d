import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunLimits } from '../../core/contract/runs.ts';
import type { Executor } from '../../worker/executor/executor.ts';
import { createFakeExecutor } from '../../worker/executor/fake.ts';
import { createTestExecutor, programs, runProgram, shapeFor, type Program } from '../support/executor.ts';
import { describeImage, hasRuntime, imageDigest } from '../support/docker.ts';

const suite = randomBytes(4).toString('hex');

/** One list of promises, kept by each implementation that can. */
describe('the fake executor', () => {
  const fake = createFakeExecutor(async ({ spec, signal }) => {
    const program = programs.find(({ name }) => spec.env['PROGRAM'] === name);
    return program?.fake === undefined ? {} : await program.fake(signal);
  });
  promises(async () => fake, 'fake');
});

for (const runtime of ['runc', 'runsc']) {
  (hasRuntime(runtime) ? describeImage('python') : describe.skip)(`the executor on ${runtime}`, () => {
    let executor: Executor;
    beforeAll(async () => {
      executor = await createTestExecutor({ runtime, installation: `conform-${suite}`, worker: runtime });
    });
    afterAll(async () => {
      await executor.close();
    });
    promises(async () => executor, runtime);
  });
}

function promises(get: () => Promise<Executor>, runtime: string): void {
  const isFake = runtime === 'fake';
  const kept = programs.filter(({ fake }) => !isFake || fake !== undefined);

  it.each(kept)('tells that $name', async (program) => {
    const { outcome, watched } = await runProgram(await get(), program, `${suite}-${runtime}-${program.name}`);
    const expected = expectedOn(program, runtime);
    expect(outcome).toMatchObject({ ending: expected.ending, childOutOfMemory: expected.childOutOfMemory ?? false });
    for (const [name, file] of Object.entries(expected.files ?? {})) {
      expect(outcome.files.get(name)).toMatchObject(file);
    }
    if (program.others !== undefined) expect([...outcome.others].sort()).toEqual(program.others);
    if (program.log !== undefined) expect(Buffer.from(outcome.log.head).toString()).toMatch(program.log);
    const ranMs = outcome.exitedAt.getTime() - outcome.startedAt.getTime();
    // Never stuck. On time to the second: on-time.test.ts.
    expect(ranMs).toBeLessThan((program.wallSeconds ?? 300) * 1000 + 60_000);
    expect(watched.stages).toEqual(['prepared', 'started']);
  });

  it('tells the limits that hold: no more CPUs than the machine has', async () => {
    const told: RunLimits[] = [];
    const watcher = { prepared: (limits: RunLimits) => told.push(limits) };
    const program = { ...programNamed('writes its predictions'), limits: { cpus: 256 } };
    await runProgram(await get(), program, `${suite}-${runtime}-limits`, { watcher });
    // The fake has no machine.
    expect(told.map(({ cpus }) => cpus === 256)).toEqual([isFake]);
  });

  it('hands over what was asked for, byte for byte, with its hash', async () => {
    const { outcome } = await runProgram(
      await get(),
      programNamed('writes its predictions'),
      `${suite}-${runtime}-bytes`,
    );
    const file = outcome.files.get('predictions.csv');
    if (file?.kind !== 'file') throw new Error('no file');
    expect(await readFile(file.file, 'utf8')).toBe('id,label\n');
    expect(file).toMatchObject({
      bytes: 9,
      sha256: 'cd163fbf956ef329a9fb3155ccf2359722a9ab06273b4e954cc459abcbdcfa34',
    });
  });

  it('tells the watcher all that is kept of what was printed, each byte at its place', async () => {
    const { outcome, watched } = await runProgram(
      await get(),
      programNamed('prints too much'),
      `${suite}-${runtime}-log`,
    );
    const { head, tail, skipped } = outcome.log;
    expect(skipped).toBeGreaterThan(0);
    expect(head.length + tail.length).toBeLessThanOrEqual(64 * 1024);
    const total = head.length + skipped + tail.length;
    expect(Buffer.from(watched.bytes.subarray(0, head.length)).equals(Buffer.from(head))).toBe(true);
    expect(Buffer.from(watched.bytes.subarray(total - tail.length, total)).equals(Buffer.from(tail))).toBe(true);
    expect(Buffer.from(tail).toString()).toMatch(/line 99999\n$/);
  });

  it('goes on where a watcher throws', async () => {
    const throws = () => {
      throw new Error('the watcher broke');
    };
    const watcher = { prepared: throws, started: throws, printed: throws, sampled: throws };
    const program = programNamed('writes its predictions');
    const { outcome } = await runProgram(await get(), program, `${suite}-${runtime}-throws`, { watcher });
    expect(outcome.ending).toEqual({ kind: 'exited', code: 0 });
  });

  it('does not begin what was cancelled before', async () => {
    const name = `${suite}-${runtime}-before`;
    const signal = AbortSignal.abort();
    const { outcome, watched } = await runProgram(await get(), programNamed('writes its predictions'), name, {
      signal,
    });
    expect(outcome.ending).toEqual({ kind: 'cancelled' });
    expect(watched.stages).toEqual([]);
  });

  it('kills what is cancelled', async () => {
    const cancel = new AbortController();
    const watcher = { started: () => setTimeout(() => cancel.abort(), 300) };
    const program = programNamed('sleeps for ever');
    const { outcome } = await runProgram(await get(), { ...program, wallSeconds: 600 }, `${suite}-${runtime}-cancel`, {
      watcher,
      signal: cancel.signal,
    });
    expect(outcome.ending).toEqual({ kind: 'cancelled' });
  });

  it('refuses a second run of the same name while the first one is there', async () => {
    const executor = await get();
    const name = `${suite}-${runtime}-twice`;
    const first = Promise.withResolvers<void>();
    const cancel = new AbortController();
    const long = { ...programNamed('sleeps for ever'), wallSeconds: 600 };
    const running = runProgram(executor, long, name, {
      watcher: { started: () => first.resolve() },
      signal: cancel.signal,
    });
    await first.promise;
    await expect(runProgram(executor, long, name)).rejects.toThrow(/is there already/);
    cancel.abort();
    expect((await running).outcome.ending).toEqual({ kind: 'cancelled' });
  });

  it('makes ready, and never rejects for it', async () => {
    const executor = await get();
    const image = isFake ? 'fake' : imageDigest('python');
    const shape = shapeFor(programNamed('writes its predictions'), image);
    await executor.anticipate(shape);
    await executor.anticipate({ ...shape, image: 'topk-there-is-none' });
  });
}

function programNamed(name: string): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (program === undefined) throw new Error(`no program ${name}`);
  return program;
}

/** What is promised on this runtime. */
function expectedOn(program: Program, runtime: string): Pick<Program, 'ending' | 'childOutOfMemory' | 'files'> {
  return runtime === 'runsc' && program.onRunsc ? { ...program, childOutOfMemory: false, ...program.onRunsc } : program;
}
