import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Executor, RunWatcher } from '../../worker/executor/executor.ts';
import { createDockerExecutor } from '../../worker/executor/sandbox.ts';
import { readPrograms } from '../golden/hostile/expectation.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { hostileSpec, layBait, ranFor, runForItsEnd, type Bait } from '../support/hostile.ts';

describeImage('python')('a program beside one that takes all it can get', () => {
  const suite = randomBytes(4).toString('hex');
  let executor: Executor;
  let bait: Bait;

  beforeAll(async () => {
    bait = await layBait();
    const log = pino({ level: 'silent' });
    const owner = { installation: `neighbours-${suite}`, worker: `neighbours-${suite}` };
    executor = await createDockerExecutor({ host: docker().host, runtime: 'runc', ...owner, ready: 0, log });
  });
  afterAll(async () => {
    await executor.close();
    await bait.remove();
  });

  /** How long it ran, in milliseconds. */
  async function time(name: string, run: string, watcher: RunWatcher = {}, signal?: AbortSignal): Promise<number> {
    const program = readPrograms().find((each) => each.name === name);
    if (program === undefined) throw new Error(`there is no program ${name}`);
    const expected = { ...program.on('runc'), limits: { wallSeconds: 300 } };
    const spec = hostileSpec(program, expected, imageDigest('python'), `neighbours-${suite}-${run}`, bait);
    return ranFor(await runForItsEnd(executor, spec, watcher, signal));
  }

  async function timeBeside(run: string): Promise<number> {
    const begun = Promise.withResolvers<void>();
    const over = new AbortController();
    const printed = () => begun.resolve();
    const neighbour = time('thrashes', `${run}-neighbour`, { printed }, over.signal);
    await Promise.race([begun.promise, neighbour]);
    const ms = await time('benign-reference', run);
    over.abort();
    expect(await neighbour).toBeGreaterThan(ms);
    return ms;
  }

  it('is slower by no more than its share', async () => {
    let [alone, beside] = [Infinity, Infinity];
    // In turns, and the quicker of each, since other things run on a machine, too, now more and now less.
    for (let turn = 0; turn < 3; turn += 1) {
      alone = Math.min(alone, await time('benign-reference', `alone-${turn}`));
      beside = Math.min(beside, await timeBeside(`beside-${turn}`));
    }
    // Each has half a processor to itself; on a machine with one they have it all between them, and its memory, too.
    expect(beside / alone).toBeLessThan(2.5);
  });
});
