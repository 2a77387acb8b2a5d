import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Submission } from '../../core/contract/submissions.ts';
import { openClient, type Client } from '../../prisma/demo/client.ts';
import { seedDigitsTrain } from '../../prisma/demo/seed-digits-train.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import { startSystem, type System } from '../support/system.ts';

const Submissions = z.object({ submissions: z.array(Submission) });

describe('the demo competition whose entry is code, where nothing can run code', () => {
  let system: System;
  let demo: DemoAccess;
  let instructor: Client;

  beforeAll(async () => {
    system = await startSystem();
    demo = await seedPeople(system.db, undefined);
    instructor = openClient(system.url, demo.tokens.instructor);
    await seedDigitsTrain(system.url, demo);
  });
  afterAll(async () => await system.stop());

  async function starters() {
    const { body } = await instructor('GET /competitions/digits-train/submissions');
    return Submissions.parse(body).submissions.map(({ id, team, kind, state, file }) => ({
      id,
      team,
      kind,
      state,
      file: file.name,
    }));
  }

  it('offers the starters with the data, and has both wait as baselines', async () => {
    const { body } = await instructor('GET /competitions/digits-train');
    expect(body).toMatchObject({
      phases: [{ accepts: ['code', 'notebook', 'predictions'], status: 'open', runSettings: { limits: { cpus: 1 } } }],
    });
    const { files } = z.object({ files: z.array(z.object({ name: z.string() })) }).parse(body);
    expect(files.map(({ name }) => name).toSorted()).toEqual([
      'sample_submission.csv',
      'starter.ipynb',
      'starter.py',
      'test.csv',
      'train.csv',
    ]);
    expect(await starters()).toMatchObject([
      { team: 'Starter (notebook)', kind: 'notebook', state: 'queued', file: 'starter.ipynb' },
      { team: 'Starter (script)', kind: 'code', state: 'queued', file: 'starter.py' },
    ]);
  });

  it('submits nothing again when it is seeded again', async () => {
    const before = await starters();
    await seedDigitsTrain(system.url, demo);
    expect(await starters()).toEqual(before);
  });
});
