import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunLimits } from '../../core/contract/runs.ts';
import { createLog } from '../../core/log.ts';
import { openEngine, type Engine } from '../../worker/executor/docker.ts';
import type { Outcome } from '../../worker/executor/executor.ts';
import { createInputs } from '../../worker/executor/inputs.ts';
import type { Lane } from '../../worker/executor/lane.ts';
import { runProgram } from '../../worker/executor/program.ts';
import { createShellMaker, type ShellMaker } from '../../worker/executor/shell.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';

const MiB = 2 ** 20;
/** More than the worker gives the holder, whose slowness is not the question here. */
const laneMs = 120_000;

/** What a program leaves behind, and whether the holder gives it or leaves it to the daemon. */
const remains: readonly (readonly [what: string, source: string, by: 'holder' | 'daemon'])[] = [
  ['a file', 'open("p.csv", "w").write("id,label\\n"); print("hi")', 'holder'],
  ['an empty file', 'open("p.csv", "w")', 'holder'],
  ['files that fill no block', 'open("p.csv", "w").write("x" * 513); open("q", "w").write("y" * 70_000)', 'holder'],
  ['a file of 30 MiB', 'open("p.csv", "wb").write(b"q" * (30 << 20))', 'holder'],
  ['a file of 40 MiB', 'open("p.csv", "wb").write(b"q" * (40 << 20))', 'daemon'],
  ['a link', 'import os; os.symlink("/etc/passwd", "p.csv")', 'holder'],
  ['a pipe', 'import os; os.mkfifo("p.csv")', 'holder'],
  ['a folder', 'import os; os.mkdir("p.csv"); open("p.csv/a", "w").write("z")', 'holder'],
  ['a socket', 'import socket; socket.socket(socket.AF_UNIX).bind("p.csv")', 'holder'],
  ['a file with two names', 'import os; os.mkdir("d"); open("p.csv", "w"); os.link("p.csv", "d/x")', 'holder'],
  ['a file that nobody may read', 'import os; open("p.csv", "w").write("abc"); os.chmod("p.csv", 0)', 'daemon'],
  ['a folder that nobody may read', 'import os; open("p.csv", "w"); os.chmod(".", 0)', 'daemon'],
  ['odd names', 'open("a\\n..", "w"); open("x" * 255, "w"); open(b"\\xff\\xfe", "w")', 'holder'],
  ['many files', '[open(f"f{n:03d}", "w") for n in range(60)]', 'holder'],
  ['deep folders', 'import os\nfor n in range(300): os.mkdir("d" * 20); os.chdir("d" * 20)', 'holder'],
  ['a log beyond its limit', 'print("y" * 1_000_000); open("p.csv", "w")', 'holder'],
  ['a log that is a link', 'import os; f = "/topk/run/log/head"; os.unlink(f); os.symlink("/etc/passwd", f)', 'holder'],
  ['a log that is a pipe', 'import os; f = "/topk/run/log/tail"; os.unlink(f); os.mkfifo(f)', 'holder'],
];

describeImage('python')('the holder of a run’s volumes', () => {
  let engine: Engine;
  let maker: ShellMaker;
  let scratch: string;
  const owner = { installation: `lane-${randomBytes(4).toString('hex')}`, worker: 'lane', session: 'one' };
  beforeAll(async () => {
    engine = openEngine(docker().host);
    const inputs = createInputs(engine, owner);
    maker = createShellMaker({ engine, owner, inputs, runtime: 'runc', gvisor: false });
    scratch = await mkdtemp(join(tmpdir(), 'topk-lane-'));
  });
  afterAll(async () => await rm(scratch, { recursive: true, force: true }));

  const silent = createLog({ name: 'lane', level: 'silent' });
  const closed = { put: async () => await Promise.resolve(false), fetch: async () => await Promise.resolve(undefined) };

  async function run(source: string, way: 'holder' | 'daemon', packageBytes = 0, fetchMs = laneMs) {
    const limits = RunLimits.parse({ wallSeconds: 300, memoryMiB: 512, logKiB: 64, outputMiB: 100 });
    const shape = { image: imageDigest('python'), limits, gpus: [], inputs: {} };
    const shell = await maker.make(shape);
    const used = { put: 'daemon', fetch: 'daemon' };
    const watched: Lane = {
      put: async (tar) => {
        const done = await shell.lane.put(tar, laneMs);
        if (done) used.put = 'holder';
        return done;
      },
      fetch: async (outputs) => {
        const tar = await shell.lane.fetch(outputs, fetchMs);
        if (tar !== undefined) used.fetch = 'holder';
        return tar;
      },
      close: () => shell.lane.close(),
    };
    const lane = way === 'holder' ? watched : { ...closed, close: () => shell.lane.close() };
    const folder = join(scratch, shell.name);
    await mkdir(folder);
    try {
      const spec = {
        ...shape,
        name: shell.name,
        labels: {},
        job: [
          { path: 'main.py', source: { content: Buffer.from(source) } },
          { path: `pkg/sub/${'n'.repeat(120)}/data`, source: { content: Buffer.alloc(packageBytes) } },
        ],
        command: ['main.py'],
        env: {},
        outputs: [{ name: 'p.csv', maxBytes: 50 * MiB }],
      };
      const signal = new AbortController().signal;
      const options = { engine, spec, watcher: {}, scratch: folder, signal, gpuSampler: undefined, log: silent };
      return { seen: seenOf(await runProgram({ ...options, shell: { ...shell, lane } })), used };
    } finally {
      await maker.remove(shell);
    }
  }

  it.each(remains)('gives what the daemon would give: %s', async (_what, source, by) => {
    const [quick, slow] = await Promise.all([run(source, 'holder'), run(source, 'daemon')]);
    expect(quick.seen).toEqual(slow.seen);
    expect(quick.used).toEqual({ put: 'holder', fetch: by });
  });

  it.each([
    [7 * MiB, 'holder'],
    [9 * MiB, 'daemon'],
  ])('takes packages that it has memory for, and is waited for after no others: %d bytes', async (bytes, by) => {
    const { seen, used } = await run('open("p.csv", "w").write("ok")', 'holder', bytes, 3_600_000);
    expect(seen.file).toMatchObject({ kind: 'file', bytes: 2 });
    expect(used.put).toBe(by);
  });
});

/** All of an outcome that does not tell the time, or a place on this machine. */
function seenOf({ ending, files, others, log, childOutOfMemory }: Outcome) {
  const found = files.get('p.csv');
  const file = found?.kind === 'file' ? { ...found, file: '' } : found;
  const text = { head: Buffer.from(log.head).toString(), tail: Buffer.from(log.tail).toString(), skipped: log.skipped };
  return { ending, childOutOfMemory, file, others, log: text };
}
