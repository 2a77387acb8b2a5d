import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openEngine, type Engine } from '../../worker/executor/docker.ts';
import { SandboxUnavailable, type Executor } from '../../worker/executor/executor.ts';
import { runName } from '../../worker/executor/labels.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { createTestExecutor, programs, runProgram, shapeFor, specFor, type Program } from '../support/executor.ts';

const installation = `faults-${randomBytes(4).toString('hex')}`;

function programNamed(name: string): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (program === undefined) throw new Error(`no program ${name}`);
  return program;
}

const sleeps: Program = { ...programNamed('sleeps for ever'), wallSeconds: 600 };
const writes = programNamed('writes its predictions');

describeImage('python')('the Docker executor', () => {
  let engine: Engine;
  let executor: Executor;
  beforeAll(async () => {
    engine = openEngine(docker().host);
    executor = await createTestExecutor({ runtime: 'runc', installation, worker: 'one' });
  });
  afterAll(async () => {
    await executor.close();
    for (const { id } of await engine.listContainers({ label: `topk.installation=${installation}` }))
      await engine.remove(id);
    for (const { name } of await engine.listVolumes(`topk.installation=${installation}`))
      await engine.removeVolume(name);
  });

  const mine = async (worker: string) =>
    [
      ...(await engine.listContainers({ label: `topk.worker=${worker}` })),
      ...(await engine.listVolumes(`topk.worker=${worker}`)),
    ].filter(({ labels }) => labels['topk.installation'] === installation);

  it('is unavailable where there is no such image, no such runtime, or no daemon', async () => {
    const spec = {
      ...specFor(writes, `${installation}-image`, imageDigest('python')),
      image: `sha256:${'0'.repeat(64)}`,
    };
    const signal = new AbortController().signal;
    await expect(executor.run(spec, {}, '/nowhere', signal)).rejects.toThrow(SandboxUnavailable);
    await expect(createTestExecutor({ runtime: 'none-such', installation, worker: 'one' })).rejects.toThrow(
      /no runtime none-such/,
    );
    const host = 'unix:///nowhere/docker.sock';
    await expect(createTestExecutor({ host, runtime: 'runc', installation, worker: 'one' })).rejects.toThrow(
      SandboxUnavailable,
    );
  });

  it('breaks, and does not blame the program, where its output vanished with what held it', async () => {
    const name = `${installation}-vanishing`;
    const watcher = {
      started: async () => {
        const holders = (await mine('one')).filter((thing) => thing.name.endsWith('-holder'));
        for (const { id } of holders) await engine.remove(id);
        for (const { id } of (await mine('one')).filter((thing) => thing.name === runName(installation, name)))
          await engine.kill(id);
      },
    };
    const running = runProgram(executor, sleeps, name, { watcher: { started: () => void watcher.started() } });
    await expect(running).rejects.toThrow(/container that held the output|not where it was|get: |folder is gone/);
    expect((await engine.inspect(runName(installation, name)))?.running ?? false).toBe(false);
  });

  it('takes no shell that has died while it waited', async () => {
    await executor.anticipate(shapeFor(writes, imageDigest('python')));
    for (const { id, name } of await mine('one'))
      if (name.startsWith('topk-shell-one-')) await engine.kill(id).catch(() => undefined);
    const { outcome } = await runProgram(executor, writes, `${installation}-dead`);
    expect(outcome).toMatchObject({ ending: { kind: 'exited', code: 0 } });
    expect(outcome.files.get('predictions.csv')).toMatchObject({ kind: 'file' });
  });

  it('starts a run in a container that was made before', async () => {
    await executor.anticipate(shapeFor(writes, imageDigest('python')));
    const before = new Set((await mine('one')).map(({ id }) => id));
    const name = `${installation}-ready`;
    const started = Promise.withResolvers<void>();
    const over = new AbortController();
    const running = runProgram(executor, { ...writes, python: sleeps.python }, name, {
      watcher: { started: () => started.resolve() },
      signal: over.signal,
    });
    await started.promise;
    const cage = (await mine('one')).find((thing) => thing.name === runName(installation, name))?.id;
    over.abort();
    await running;
    expect(cage).toBeDefined();
    expect(before.has(cage ?? '')).toBe(true);
  });

  it('mounts data for all, hidden inputs only where they are given, and neither to be written', async () => {
    const file = (text: string) => ({ content: Buffer.from(text) });
    const data = { hash: `data${installation}`, files: [{ path: 'deep/train.csv', source: file('1,2\n') }] };
    const hidden = { hash: `hidden${installation}`, files: [{ path: 'test.csv', source: file('3\n') }] };
    const python = `import os
print(open("/topk/data/deep/train.csv").read(), os.listdir("/topk/data"), os.path.exists("/topk/hidden"))
print(os.environ.get("TOPK_HIDDEN") and open("/topk/hidden/test.csv").read())
for path in ("/topk/data/x", "/topk/hidden/x", "/topk/job/x", "/x", "/topk/run/x"):
  try: open(path, "w"); print("GOT", path)
  except OSError: pass`;
    const scratch = await mkdtemp(join(tmpdir(), 'topk-executor-'));
    onTestFinished(async () => rm(scratch, { recursive: true }));
    const run = async (inputs: object, name: string) => {
      const spec = { ...specFor({ ...writes, python }, `${installation}-${name}`, imageDigest('python')), inputs };
      const outcome = await executor.run(spec, {}, scratch, new AbortController().signal);
      return Buffer.from(outcome.log.head).toString();
    };
    // Two at once fill the volume once.
    const [open, both] = await Promise.all([run({ data }, 'open'), run({ data, hidden }, 'both')]);
    expect(open).toBe("1,2\n ['deep'] False\nNone\n");
    expect(both).toBe("1,2\n ['deep'] True\n3\n\n");
  });

  it('sweeps what a killed worker left and what its own earlier life left, and nothing else', async () => {
    const shape = shapeFor(writes, imageDigest('python'));
    const names = ['dead', 'alive', 'again'];
    const before = await Promise.all(
      names.map(async (worker) => createTestExecutor({ runtime: 'runc', installation, worker })),
    );
    const other = await createTestExecutor({ runtime: 'runc', installation: `${installation}-other`, worker: 'dead' });
    for (const each of [...before, other]) await each.anticipate(shape);
    const again = await createTestExecutor({ runtime: 'runc', installation, worker: 'again' });
    onTestFinished(async () => {
      for (const each of [...before, other, again]) await each.close();
    });
    // A cage, its holder and three volumes each.
    const removed = await again.sweep(async (labels) => labels['topk.worker'] !== 'dead');
    expect(removed).toBe(10);
    expect(await mine('dead')).toEqual([]);
    expect(await mine('again')).toEqual([]);
    expect(await mine('alive')).toHaveLength(5);
    const others = await engine.listContainers({ label: `topk.installation=${installation}-other` });
    expect(others).toHaveLength(2);
    // Its own, which it may need at any moment, are not asked about.
    expect(await other.sweep(async () => false)).toBe(0);
  });

  it('leaves nothing of its runs when it is closed', async () => {
    const closing = await createTestExecutor({ runtime: 'runc', installation, worker: 'closing' });
    const running = runProgram(closing, writes, `${installation}-closing`);
    void closing.anticipate(shapeFor(sleeps, imageDigest('python')));
    await running;
    await closing.close();
    expect(await mine('closing')).toEqual([]);
  });
});
