import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Submission } from '../../core/contract/submissions.ts';
import { acceptCode, readRuns } from '../support/code.ts';
import { makeCompetition } from '../support/competitions.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { wrongStandings } from '../support/truth.ts';

/** Right on one row of each board. */
const honest = `open("predictions.csv", "w").write("id,label\\na,0\\nb,0\\nc,2\\nd,0\\n")\n`;
/** For what waits for its turn, and starts, on a slow machine. */
const patienceMs = 240_000;
const small = { wallSeconds: 120, cpus: 0.5, memoryMiB: 192, shmMiB: 16, tmpMiB: 16, outputMiB: 16, logKiB: 64 };

describeImage('python')('hostile code that a student submits', () => {
  let system: System;
  let course: TestCourse;
  let eve: Person;
  let ada: Person;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [eve, ada] = [first, second];
    await system.startWorker({
      SANDBOX: 'docker',
      DOCKER_HOST: docker().host,
      WORKER_NAME: `hostile-flow-${randomBytes(4).toString('hex')}`,
      WORKER_CPU_SLOTS: '2',
    });
  });
  afterAll(async () => await system.stop());

  const competition = async (settings: Parameters<typeof acceptCode>[2] = {}) => {
    // By the api as well, which keeps for a while what it has read of a competition.
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    await acceptCode(system, slug, { limits: small, ...settings }, imageDigest('python'));
    return slug;
  };
  const program = (name: string) => readFileSync(new URL(`../golden/hostile/${name}/main.py`, import.meta.url));
  const run = async (slug: string, source: Uint8Array<ArrayBuffer> | string) =>
    await eve.finished((await eve.submit(slug, source, 'main.py')).id, patienceMs);

  it('that writes a verdict of its own gets the one that its predictions deserve, and no other team another', async () => {
    const slug = await competition();
    const before = await ada.finished((await ada.submit(slug, honest, 'main.py')).id, patienceMs);
    const submission = await run(slug, program('fake-verdict'));
    expect(submission).toMatchObject({ state: 'scored', scores: { public: { top1: { value: 0.5, rows: 2 } } } });
    const after = Submission.parse((await ada.call(`GET /submissions/${before.id}`)).body);
    expect(after.scores).toEqual(before.scores);
    expect(await wrongStandings(system.db.pool)).toEqual([]);
  });

  it.each([
    ['memory', 'Out of memory at 192 MiB after epoch 1.'],
    ['link-to-labels', 'predictions.csv is a link; it must be an ordinary file.'],
    ['output-full', 'Output over 16 MiB.'],
    ['no-network', 'No network in the sandbox: urllib.request.urlopen failed.'],
    ['exit-137', 'Killed by SIGKILL (exit code 137)'],
  ])('is rejected with its sentence, at once and without another try: %s', async (name, sentence) => {
    const submission = await run(await competition(), program(name));
    expect(submission.state).toBe('rejected');
    expect(submission.reason).toContain(sentence);
    expect(await readRuns(system.db, submission.id)).toHaveLength(1);
  });

  it('that puts an account of its own in the place of what it used is scored, and takes no second try', async () => {
    const forged = `
import json, os
usage = "/topk/run/log/usage"
os.unlink(usage)
json.dump({"maxRssBytes": 150_000_000.5, "cpuSeconds": 0.1}, open(usage, "w"))
`;
    const submission = await run(await competition(), forged + honest);
    expect(submission.state).toBe('scored');
    expect(await readRuns(system.db, submission.id)).toMatchObject([{ ending: 'exited', fault: null }]);
  });

  it('that carries hidden inputs out is seen by staff, and by its author only as far as the instructor lets', async () => {
    const slug = await competition({ showLog: 'none' });
    const secret = 'the-hidden-row';
    await course.instructor.upload(`POST /competitions/${slug}/files?hidden=true`, `${secret}\n`, 'hidden.csv');
    const thief = `
import os
text = open(os.environ["TOPK_HIDDEN"] + "/hidden.csv").read().strip()
print(text, flush=True)
open(text, "w").close()
open("predictions.csv", "w").write(f"id,label\\n{text},{text}\\n")
`;
    for (const source of [thief, `${thief}raise SystemExit(text)\n`, `${thief}os.remove("predictions.csv")\n`]) {
      const { id, state } = await run(slug, source);
      expect(state).toBe('rejected');
      for (const path of ['', '/runs', '/runs/1/log', '/runs/1/output', '/runs/1/notebook', '/runs/events']) {
        const answer = await eve.call(`GET /submissions/${id}${path}`);
        expect(answer.text, path).not.toContain(secret);
      }
      expect((await course.ta.call(`GET /submissions/${id}/runs/1/log`)).text).toContain(secret);
      expect((await ada.call(`GET /submissions/${id}/runs/1/log`)).status).toBeGreaterThanOrEqual(400);
    }
    // Predictions that are fine, with a column more that is called as what was read: a notice would tell its name, at a rescoring too.
    const named = `
import os
text = open(os.environ["TOPK_HIDDEN"] + "/hidden.csv").read().strip()
open("predictions.csv", "w").write(f"id,label,{text}\\na,0,x\\nb,0,x\\nc,2,x\\nd,0,x\\n")
`;
    const { id, state } = await run(slug, named);
    expect(state).toBe('scored');
    expect((await eve.call(`GET /submissions/${id}`)).text).not.toContain(secret);
    await course.instructor.call(`POST /competitions/${slug}/rescore`);
    const again = await eve.finished(id);
    expect(again.state).toBe('scored');
    expect((await eve.call(`GET /submissions/${id}`)).text).not.toContain(secret);
  });
});
