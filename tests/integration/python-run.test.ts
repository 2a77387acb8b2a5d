import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLiveLog } from '../../core/live-log.ts';
import { endRun, markStarted } from '../../core/submissions/runs.ts';
import { fakeImage } from '../support/code.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { createFakeExecutor, programThat } from '../support/fake-executor.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startProxy } from '../support/proxy.ts';
import { clientFile, oldestPython, runPython, systemPython, type Python } from '../support/python.ts';
import { registerImage, startRun, tinyScript } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';

const pythons = [systemPython(), oldestPython()].filter((each) => each !== undefined);

describe.skipIf(pythons.length === 0)('code that is submitted from Python', () => {
  let system: System;
  let course: TestCourse;
  let folder: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 0 });
    await registerImage(system.db, 'python', fakeImage);
    folder = await mkdtemp(join(tmpdir(), 'topk-python-'));
    await copyFile(clientFile, join(folder, 'topk.py'));
  });
  afterAll(async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const make = async () => await makeCompetition(course, { settings: { accepts: ['code', 'notebook'] } });
  const environmentOf = ({ token }: Person, url = system.url) => ({ TOPK_URL: url, TOPK_TOKEN: token });

  it('shows its log as it grows, each line once, though the connection breaks', async () => {
    const [which] = pythons;
    const [ada, slug] = [await course.add('student'), await make()];
    await writeFile(join(folder, 'main.py'), tinyScript);
    const proxy = await startProxy(Number(new URL(system.url).port));
    const env = {
      ...process.env,
      HOME: folder,
      XDG_CACHE_HOME: folder,
      ...environmentOf(ada, `http://127.0.0.1:${proxy.port}`),
    };
    const child = spawn(which?.program ?? '', ['topk.py', 'run', slug, 'main.py'], { cwd: folder, env });
    try {
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
        });
      const seen = async (text: string) =>
        await until(text, 120_000, async () => await Promise.resolve(printed.includes(text)));
      const id = Number(
        await until(
          'the receipt',
          120_000,
          async () => await Promise.resolve(/Submission (\d+) received/.exec(printed)?.[1]),
        ),
      );
      const held = await startRun(system.db, id);
      const live = await openLiveLog(system.dataDir, held);
      await markStarted(system.db.pool, held, new Date());
      await live.append(0, Buffer.from('epoch 1 ✓\n'));
      await seen('epoch 1 ✓\n');
      proxy.restore();
      await live.append(12, Buffer.from('epoch 2\n'));
      await seen('epoch 2\n');
      await live.append(1000, Buffer.from('the end\n'));
      await seen('[980 bytes are left out here]\nthe end\n');
      await endRun(system.db.pool, held, {
        ending: 'exited',
        exitCode: 3,
        sentence: 'exit code 3',
        exitedAt: new Date(),
        peakMemoryBytes: 1,
        cpuSeconds: 1,
        samples: [],
      });
      await system.db.pool.query(
        `update submission set state = 'rejected', reason = 'It ended with exit code 3.', finished_at = now(),
           report = '{"errors":[],"moreErrors":0}', version = version + 1 where id = $1`,
        [id],
      );
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).toBe(1);
      expect(printed).toContain(`topk: Submission ${id} was rejected. It ended with exit code 3.`);
      for (const line of ['Run 1 of submission', 'epoch 1', 'epoch 2', 'the end'])
        expect(printed.split(line), line).toHaveLength(2);
      expect(printed).not.toContain(ada.token);
    } finally {
      child.kill();
      await proxy.close();
    }
  });

  describe('by a worker', () => {
    beforeAll(async () => {
      const fake = createFakeExecutor();
      await system.startWorker(
        { SANDBOX: 'docker', SANDBOX_EVERY_MS: '200', WORKER_CPU_SLOTS: '2' },
        { connect: async () => await Promise.resolve(fake) },
      );
    });

    const run = async (which: Python, who: Person, slug: string, program: string, lines: string) => {
      await writeFile(join(folder, 'main.py'), program);
      const source = `import json, topk\nslug = ${JSON.stringify(slug)}\n${lines}`;
      return await runPython(which, ['-c', source], { cwd: folder, env: environmentOf(who) });
    };

    it.each(pythons.map((each) => [each.name, each] as const))(
      'is run, with its log, which steers no terminal, before its score: %s',
      async (_name, which) => {
        const [ada, slug] = [await course.add('student'), await make()];
        const good = programThat({
          prints: '\u001B[31mEpoch 1\u001B[0m\n\u001B]0;title\u0007Epoch 2',
          writes: { 'predictions.csv': tinyPredictions },
        });
        const { stdout, stderr } = await run(which, ada, slug, good, 'print(topk.run(slug, "main.py", "first").score)');
        expect(stderr).toBe('');
        expect(stdout).toMatch(
          /^Submission (\d+) received[^\n]*\nRun 1 of submission \1:\nEpoch 1\nEpoch 2\nSubmission \1 is scored: top1 0\.50000[^\n]*\n0\.5\n$/,
        );
        const bad = programThat({ prints: 'Traceback …\n', code: 1 });
        const caught =
          'try: topk.run(slug, "main.py")\nexcept topk.Rejected as error: print("caught", error, error.submission.state)';
        const failed = await run(which, ada, slug, bad, caught);
        expect(failed.stdout).toMatch(/:\nTraceback …\ncaught Submission \d+ was rejected\. .* rejected\n$/s);
      },
    );
  });
});
