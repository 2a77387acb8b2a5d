import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { Submission } from '../../core/contract/submissions.ts';
import { openClient, type Client } from '../../prisma/demo/client.ts';
import { seedDigitsTrain } from '../../prisma/demo/seed-digits-train.ts';
import { registerImages } from '../../prisma/register-images.ts';
import { seedPeople } from '../../prisma/seed.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

const Submissions = z.object({ submissions: z.array(Submission) });
const Board = z.object({ rows: z.array(z.object({ name: z.string(), baseline: z.boolean() })) });

describeImage('python')('the demo competition whose entry is code', () => {
  let system: System;
  let instructor: Client;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    const demo = await seedPeople(system.db, undefined);
    instructor = openClient(system.url, demo.tokens.instructor);
    await seedDigitsTrain(system.url, demo);
    await system.startWorker({
      SANDBOX: 'docker',
      DOCKER_HOST: docker().host,
      WORKER_NAME: `digits-train-${randomBytes(4).toString('hex')}`,
      WORKER_CPU_SLOTS: '1',
    });
  });
  afterAll(async () => await system.stop());

  async function starters(): Promise<Submission[]> {
    const { body } = await instructor('GET /competitions/digits-train/submissions');
    return Submissions.parse(body).submissions;
  }

  async function scored(what: string): Promise<Submission[]> {
    return await until(what, 600_000, async () => {
      const all = await starters();
      const bad = all.find(({ state }) => state === 'rejected' || state === 'failed');
      if (bad !== undefined) return [bad];
      await sleep(200);
      return all.every(({ state }) => state === 'scored') && all;
    });
  }

  it('has its starters wait for the image, then train, and puts them on the board', async () => {
    await registerImages(system.db.pool, [{ name: 'python', digest: imageDigest('python'), bytes: 1 }]);
    const done = await scored('the starters’ scores');
    expect(done.map(({ team, state, reason }) => ({ team, state, reason }))).toEqual([
      { team: 'Starter (notebook)', state: 'scored', reason: undefined },
      { team: 'Starter (script)', state: 'scored', reason: undefined },
    ]);
    const scores = done.map((submission) => submission.scores);
    expect(scores[0]).toEqual(scores[1]);
    for (const board of [scores[0]?.public, scores[0]?.private]) {
      expect(board?.['top1']?.value).toBeGreaterThanOrEqual(0.95);
    }
    const { body } = await instructor('GET /competitions/digits-train/leaderboard');
    const names = Board.parse(body).rows.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['Starter (notebook)', 'Starter (script)']);
  });

  it('gives the same score ten times of ten', { timeout: 3_600_000 }, async () => {
    const script = (await starters()).find(({ kind }) => kind === 'code');
    const outputs: unknown[] = [];
    for (let turn = 0; turn < 10; turn++) {
      await instructor(`POST /submissions/${script?.id ?? 0}/rerun`);
      const done = (await scored('another run')).find(({ kind }) => kind === 'code');
      expect(done?.scores).toEqual(script?.scores);
      outputs.push(done?.attempt);
    }
    expect(new Set(outputs).size).toBe(10);
    const { body } = await instructor(`GET /submissions/${script?.id ?? 0}/runs`);
    const Runs = z.object({ runs: z.array(z.object({ output: z.object({ sha256: z.string() }).optional() })) });
    const hashes = Runs.parse(body).runs.map(({ output }) => output?.sha256);
    expect(hashes).toHaveLength(11);
    expect(new Set(hashes).size).toBe(1);
  });
});
