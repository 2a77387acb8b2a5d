import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBlobStore } from '../../core/blobs/store.ts';
import { rerun } from '../../core/submissions/requeue.ts';
import { acceptCode, readRuns, readVerdict, ringNow } from '../support/code.ts';
import { makeCompetition } from '../support/competitions.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { inState, readRow } from '../support/truth.ts';

/** Trains on nothing, and writes what is right on half of each board. */
const script = `
import os, random
print("Epoch 1", flush=True)
rows = [line.split(",")[0] for line in open(os.environ["TOPK_DATA"] + "/test.csv").read().split()[1:]]
assert rows == ["a"], rows
assert "TOPK_HIDDEN" not in os.environ
assert random.seed(int(os.environ["TOPK_SEED"])) is None
open("predictions.csv", "w").write("id,label\\na,0\\nb,0\\nc,2\\nd,0\\n")
`;

describeImage('python')('a script that is sent, with a real sandbox', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    slug = await makeCompetition(course);
    await acceptCode(system, slug, { limits: { wallSeconds: 120, memoryMiB: 512 } }, imageDigest('python'));
    await system.startWorker({
      SANDBOX: 'docker',
      DOCKER_HOST: docker().host,
      WORKER_NAME: `flow-${randomBytes(4).toString('hex')}`,
      WORKER_CPU_SLOTS: '1',
    });
  });
  afterAll(async () => await system.stop());

  const student = (): Person => {
    const [one] = course.students;
    if (!one) throw new Error('a student is needed');
    return one;
  };

  it('is run, scored, and tells what it took; running it again gives the same', async () => {
    const { id } = await student().submit(slug, script, 'main.py');
    expect(await inState(system.db.pool, id, 'scored', 1120_000)).toMatchObject({ attempt: 1, value: 0.5 });
    const [run] = await readRuns(system.db, id);
    expect(run).toMatchObject({
      ending: 'exited',
      exitCode: 0,
      prepared: true,
      started: true,
      exited: true,
      scored: true,
    });
    const blobs = createBlobStore(system.dataDir);
    expect(await readFile(blobs.path(run?.logHash ?? ''), 'utf8')).toBe('Epoch 1\n');
    await rerun(system.db.pool, id);
    await ringNow(system, id);
    await until('it has run again', 1120_000, async () => {
      const row = await readRow(system.db.pool, id);
      return row.attempt === 2 && row.state === 'scored';
    });
    const [first, second] = await readRuns(system.db, id);
    expect(second?.outputHash).toBe(first?.outputHash);
  });

  it.each([
    ['raise ValueError("bad")', 'Exit code 1: ValueError: bad (main.py, line 1).'],
    ['open("pred.csv", "w").write("x")', 'Wrote no predictions.csv; found pred.csv.'],
    ['print("epoch 3", flush=True)\nx = [0]\nwhile True: x = x + x', 'Out of memory at 512 MiB after epoch 3.'],
    [
      'import urllib.request\nurllib.request.urlopen("http://example.org")',
      'No network in the sandbox: urllib.request.urlopen failed.',
    ],
  ])('is rejected with a sentence that helps: %s', async (source, sentence) => {
    const { id } = await student().submit(slug, source, 'main.py');
    await inState(system.db.pool, id, 'rejected', 1120_000);
    expect((await readVerdict(system.db, id)).reason).toBe(sentence);
  });

  it('is killed when its author takes it back', async () => {
    const { id } = await student().submit(slug, 'import time\nprint("here", flush=True)\ntime.sleep(1000)', 'main.py');
    await until('it runs', 120_000, async () => (await readRuns(system.db, id))[0]?.started);
    const answer = await student().call(`POST /submissions/${id}/cancel`);
    expect(answer.status, answer.text).toBe(200);
    await until('its run has an end', 120_000, async () => (await readRuns(system.db, id))[0]?.ending === 'cancelled');
    expect((await readRow(system.db.pool, id)).state).toBe('cancelled');
  });
});
