import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Executor } from '../../worker/executor/executor.ts';
import { createDockerExecutor } from '../../worker/executor/sandbox.ts';
import { makeCompetition } from '../support/competitions.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { lastTry } from '../support/truth.ts';

const key = 'id,y,Usage\na,0.5,Public\nb,1.5,Public\nc,2,Private\nd,4,Private\n';
const predictions = 'id,y\nd,4\nc,3\nb,2.5\na,0.5\n';
const define = (...lines: string[]) =>
  `import os, sys, time\ndef score(solution, submission, row_id_column_name):\n${lines.map((line) => `    ${line}\n`).join('')}`;

/** For a scorer that starts on a slow machine. */
const patienceMs = 240_000;

/** A student's submission that the metric itself fails on: the student learns nothing of why. */
describeImage('scorer')('a custom metric in its container', () => {
  let system: System;
  let course: TestCourse;
  let student: Person;
  let wallSeconds = 300;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    student = first;
    await system.db.prisma.graderImage.create({ data: { digest: imageDigest('scorer'), name: 'scorer', bytes: 1 } });
    const connect = async () =>
      bounded(
        await createDockerExecutor({
          host: docker().host,
          installation: `metric-${randomBytes(4).toString('hex')}`,
          worker: 'metric',
          ready: 0,
          log: pino({ level: 'silent' }),
        }),
        () => wallSeconds,
      );
    await system.startWorker({ SANDBOX: 'docker' }, { connect });
  });
  afterAll(async () => await system.stop());

  const submit = async (metric: string, content: string | Uint8Array<ArrayBuffer> = predictions) => {
    const slug = await makeCompetition(course, { key, settings: { metrics: ['custom'] }, published: false });
    const put = await course.instructor.upload(
      `PUT /competitions/${slug}/metric?higherIsBetter=false`,
      metric,
      'metric.py',
    );
    expect(put.status, put.text).toBe(200);
    await course.instructor.call(`POST /competitions/${slug}/publish`);
    return (await student.submit(slug, content)).id;
  };
  const finished = async (...sent: Parameters<typeof submit>) =>
    await student.finished(await submit(...sent), patienceMs);

  const mae = define(
    "assert list(solution[row_id_column_name]) == list(submission[row_id_column_name]) and 'Usage' not in solution",
    "error = (solution['y'] - submission['y']).abs()",
    "return {'mae': error.mean(), 'most': error.max()}",
  );

  it('is called for each board with rows aligned by id, packed or not', async () => {
    for (const content of [predictions, new Uint8Array(gzipSync(predictions))]) {
      const id = await submit(mae, content);
      expect(await student.finished(id, patienceMs)).toMatchObject({
        state: 'scored',
        scores: { public: { custom: { value: 0.5, rows: 2 }, 'custom.most': { value: 1, rows: 2 } } },
      });
      expect((await course.ta.call(`GET /submissions/${id}`)).body).toMatchObject({
        scores: { private: { custom: { value: 0.5, rows: 2 } } },
      });
    }
  });

  it.each([
    ['id,y\na,1\nb,1\nc,1\n', "'d' is missing"],
    ['id,y\na,1\na,1\nb,1\nc,1\nd,1\n', 'more than once'],
    ['key,y\na,1\n', "'id' is missing"],
    ['', 'CSV'],
  ])('never sees predictions for other rows: %j', async (content, words) => {
    const slug = await finished(mae, content === '' ? '\n' : content);
    expect(slug).toMatchObject({ state: 'rejected', reason: expect.stringContaining(words) });
  });

  it('tells students what it means for them, cut at 280 characters', async () => {
    const metric = `class ParticipantVisibleError(Exception): pass\n${define(
      "raise ParticipantVisibleError('Probabilities must be positive. ' + 'x' * 500)",
    )}`;
    const { state, reason } = await finished(metric);
    expect([state, reason?.length]).toEqual(['rejected', 280]);
    expect(reason).toMatch(/^Probabilities must be positive\. x+$/);
  });

  it.each([
    [
      'raises with a secret in its message',
      define("raise ValueError('secret ' + str(list(solution['y'])))"),
      'secret [0.5, 1.5]',
    ],
    ['gives NaN', define("return float('nan')"), 'finite number'],
    ['gives no number', define("return 'good'"), 'a number is needed'],
    ['can’t be imported', `import no_such_module\n${mae}`, 'no_such_module'],
    ['hangs', define('time.sleep(600)'), 'longer than it may'],
    ['takes all memory', define('return len(bytearray(2**30)) * 0.0'), 'memory'],
    ['ends its process', define('os._exit(3)'), 'exit code 3'],
    ['crashes', define('import ctypes', 'ctypes.string_at(0)'), 'exit code 139'],
    ['prints a verdict and ends', define('print(\'{"public": {"custom": 1}}\')', 'os._exit(0)'), 'no result'],
    // One try each, so whatever else breaks on a busy machine would be the fault that is told.
  ])('that %s fails for staff to see, and for no student to learn from', { retry: 2 }, async (name, metric, fault) => {
    // Nobody waits longer than it takes for the one that has to reach it.
    wallSeconds = name === 'hangs' ? 8 : 300;
    onTestFinished(() => {
      wallSeconds = 300;
    });
    const id = await submit(metric);
    await lastTry(system.db, id);
    const failed = await student.finished(id, patienceMs);
    expect(failed).toMatchObject({ state: 'failed', reason: expect.stringContaining('our fault') });
    expect(JSON.stringify(failed)).not.toMatch(/secret|module|\b0\.5\b|longer|memory|exit code/);
    expect((await course.ta.call(`GET /submissions/${id}`)).body).toMatchObject({
      fault: expect.stringContaining(fault),
    });
  });

  it('has the labels, the predictions and itself, and no network', async () => {
    const metric = `import socket\nclass ParticipantVisibleError(Exception): pass\n${define(
      "seen = sorted(os.listdir('/topk/job')) + sorted(os.listdir('/topk/data')) + [str(os.path.exists('/topk/hidden'))]",
      "try: socket.create_connection(('1.1.1.1', 53), 2)",
      'except OSError as error: seen.append(type(error).__name__)',
      "raise ParticipantVisibleError(' '.join(seen))",
    )}`;
    expect((await finished(metric)).reason).toMatch(
      /^(\.\S+ )*metric\.py submission\.csv (\.\S+ )*solution\.csv False OSError$/,
    );
  });
});

/** With bounds that a test can wait for. */
function bounded(executor: Executor, wallSeconds: () => number): Executor {
  return {
    ...executor,
    run: async (spec, watcher, scratch, signal) =>
      await executor.run(
        { ...spec, limits: { ...spec.limits, wallSeconds: wallSeconds(), memoryMiB: 512 } },
        watcher,
        scratch,
        signal,
      ),
  };
}
