import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { Submission } from '../../core/contract/submissions.ts';
import { registerImage, tinyScript } from '../support/simulated-runs.ts';
import { makeCompetition, tinyKey } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('what a phase says about code', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('the course has no student');
    ada = first;
  });
  afterAll(async () => await system.stop());

  const view = async (who: Person, slug: string) => {
    const [phase] = Competition.parse((await who.call(`GET /competitions/${slug}`)).body).phases;
    if (!phase) throw new Error('the competition has no phase');
    return phase;
  };
  const edit = async (slug: string, settings: unknown) =>
    await course.instructor.json(`PATCH /competitions/${slug}`, settings);

  it('is predictions alone unless it is said', async () => {
    const slug = await makeCompetition(course);
    const phase = await view(ada, slug);
    expect(phase.accepts).toEqual(['predictions']);
    expect(phase).not.toHaveProperty('runSettings');
    expect(phase).not.toHaveProperty('laptopCommand');
  });

  it('is completed by defaults, and what is changed leaves the rest', async () => {
    const slug = await makeCompetition(course, {
      settings: { accepts: ['code', 'notebook'], runSettings: { limits: { wallSeconds: 60 }, seed: 7 } },
    });
    expect((await view(ada, slug)).runSettings).toMatchObject({
      image: 'python',
      seed: 7,
      output: 'predictions.csv',
      limits: { wallSeconds: 60, memoryMiB: 2048 },
    });
    expect((await edit(slug, { runSettings: { limits: { memoryMiB: 4096 } } })).status).toBe(200);
    expect((await view(ada, slug)).runSettings).toMatchObject({
      seed: 7,
      limits: { wallSeconds: 60, memoryMiB: 4096 },
    });
    const phase = { slug: 'second', title: 'Second', accepts: ['notebook'], runSettings: { cellSeconds: 30 } };
    const added = await course.instructor.json(`POST /competitions/${slug}/phases`, phase);
    expect(Competition.parse(added.body).phases[1]).toMatchObject({
      accepts: ['notebook'],
      runSettings: { cellSeconds: 30 },
    });
  });

  it.each([
    [
      { limits: { memoryMiB: 100, shmMiB: 256 } },
      'body.runSettings.limits.shmMiB is 256 and counts as memory, of which there are 100: lower it, or raise memoryMiB',
    ],
    [{ cellSeconds: 700 }, 'body.runSettings.cellSeconds is 700, longer than the whole run with its 600 s'],
    [{ image: 'pyton' }, 'which no image here is called; there are python, python-cuda'],
    [{ image: 'scorer' }, 'which no image here is called'],
    [{ command: [' '] }, 'body.runSettings.command begins with nothing'],
    [{ limits: { gpu: 1 } }, 'gpu'],
    [{ limits: { wallSeconds: 0 } }, 'wallSeconds'],
    [{ output: '../predictions.csv' }, 'body.runSettings.output: must be a file name without folders'],
  ])('refuses %j in a sentence', async (runSettings, sentence) => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    const refused = await edit(slug, { runSettings });
    expect(refused.status).toBe(400);
    expect(refused.problem().detail + JSON.stringify(refused.problem().errors)).toContain(sentence);
  });

  it('fits the parts of the memory that were left to it to a small memory, and back to a large one', async () => {
    const slug = await makeCompetition(course, {
      settings: { accepts: ['code'], runSettings: { limits: { memoryMiB: 256, outputMiB: 20 } } },
    });
    const limits = async () => (await view(ada, slug)).runSettings?.limits;
    expect(await limits()).toMatchObject({ memoryMiB: 256, shmMiB: 128, tmpMiB: 128, outputMiB: 20 });
    await edit(slug, { runSettings: { limits: { memoryMiB: 2048 } } });
    expect(await limits()).toMatchObject({ memoryMiB: 2048, shmMiB: 256, tmpMiB: 512, outputMiB: 20 });
    await edit(slug, { runSettings: { limits: { tmpMiB: 700 } } });
    const refused = await edit(slug, { runSettings: { limits: { memoryMiB: 600 } } });
    expect(refused.problem().detail).toContain('limits.tmpMiB is 700 and counts as memory, of which there are 600');
  });

  it('refuses settings for code where none is taken', async () => {
    const slug = await makeCompetition(course);
    expect((await edit(slug, { runSettings: { seed: 1 } })).status).toBe(400);
    expect((await edit(slug, { accepts: [] })).status).toBe(400);
    expect((await edit(slug, { accepts: ['code', 'code'] })).status).toBe(400);
  });

  it('is pinned to the newest image of its name, when one is there', async () => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: null });
    expect(await view(ada, slug)).not.toHaveProperty('imageDigest');
    await registerImage(system.db, 'python', 'sha256:one');
    await edit(slug, { runSettings: { seed: 1 } });
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: 'sha256:one' });
    await registerImage(system.db, 'python', 'sha256:two');
    await edit(slug, { runSettings: { seed: 2 } });
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: 'sha256:one' });
    await edit(slug, { runSettings: { image: 'python' } });
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: 'sha256:two' });
    await edit(slug, { runSettings: { image: 'python-cuda' } });
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: null });
    await registerImage(system.db, 'python-cuda', 'sha256:cuda');
    expect((await course.instructor.call(`POST /competitions/${slug}/publish`)).status).toBe(200);
    expect(await view(course.instructor, slug)).toMatchObject({ imageDigest: 'sha256:cuda' });

    const { body } = await course.instructor.call('GET /images');
    expect(body).toMatchObject({
      images: [{ digest: 'sha256:cuda' }, { digest: 'sha256:two' }, { digest: 'sha256:one' }],
    });
    expect((await ada.call('GET /images')).problem().type).toBe('forbidden');
  });

  it('sends code that waits to the graders that it needs by now', async () => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    const { id } = await ada.submit(slug, tinyScript, 'train.py');
    const needs = async () => (await system.db.prisma.submission.findUniqueOrThrow({ where: { id } })).needs;
    expect(await needs()).toBe('cpu');
    await edit(slug, { runSettings: { limits: { gpus: 1 } } });
    expect(await needs()).toBe('gpu');
    await edit(slug, { runSettings: { limits: { gpus: 0 } } });
    expect(await needs()).toBe('cpu');
    await system.db.prisma.submission.update({ where: { id }, data: { state: 'running' } });
    await edit(slug, { runSettings: { limits: { gpus: 1 } } });
    expect(await needs()).toBe('cpu');
  });

  it('is a line that runs it on a laptop', async () => {
    const slug = await makeCompetition(course, {
      settings: { accepts: ['code'], runSettings: { seed: 5, limits: { cpus: 2, gpus: 1 } } },
    });
    expect((await view(ada, slug)).laptopCommand).toBe(
      'mkdir -p data out && docker run --rm --network none --user "$(id -u)" --gpus 1 --cpus 2 --memory 2048m --shm-size 256m ' +
        '-e TOPK_SEED=5 -v "$PWD:/topk/job:ro" -v "$PWD/data:/topk/data:ro" -v "$PWD/out:/topk/run/out" topk-python main.py',
    );
    await edit(slug, { runSettings: { command: ['python3', '{entry}', "--name=it's $HOME"] } });
    expect((await view(ada, slug)).laptopCommand).toContain(
      String.raw`topk-python python3 /topk/job/main.py '--name=it'\''s $HOME'`,
    );
  });

  describe('about hidden files', () => {
    const hide = async (slug: string, content: string, name: string) =>
      await course.instructor.upload(`POST /competitions/${slug}/files?hidden=true`, content, name);

    it('is for staff alone, and stays so when one is replaced', async () => {
      const slug = await makeCompetition(course, { settings: { accepts: ['code'], runSettings: { showLog: 'none' } } });
      expect((await hide(slug, 'id,x\na,1\n', 'secret-features.csv')).body).toMatchObject({
        files: [{ name: 'secret-features.csv', hidden: true }],
        notices: [],
      });
      const again = await course.instructor.upload(
        `POST /competitions/${slug}/files`,
        'id,x\na,2\n',
        'secret-features.csv',
      );
      expect(again.body).toMatchObject({ files: [{ hidden: true }] });
      for (const call of [`GET /competitions/${slug}`, 'GET /competitions', `GET /competitions/${slug}/shape`])
        expect((await ada.call(call)).text).not.toContain('secret');
      expect((await ada.call(`GET /competitions/${slug}/files/secret-features.csv`)).status).toBe(404);
      expect((await course.ta.call(`GET /competitions/${slug}/files/secret-features.csv`)).text).toBe('id,x\na,2\n');
      const shown = await course.instructor.upload(
        `POST /competitions/${slug}/files?hidden=false`,
        'id,x\na,2\n',
        'secret-features.csv',
      );
      expect(shown.body).toMatchObject({ files: [{ name: 'secret-features.csv' }] });
      expect((await ada.call(`GET /competitions/${slug}/files/secret-features.csv`)).status).toBe(200);
    });

    it('warns of what looks like labels, and refuses the answer key', async () => {
      const slug = await makeCompetition(course);
      expect((await hide(slug, 'id,Label\na,1\n', 'x.csv')).text).toContain('by its column \\"Label\\"');
      expect((await hide(slug, 'id,x\na,1\n', 'solution.csv')).text).toContain('by its name');
      const printing = await makeCompetition(course, { settings: { accepts: ['code'] } });
      expect((await hide(printing, 'id,x\na,1\n', 'x.csv')).text).toContain('set runSettings.showLog to tail or none');
      const quiet = await makeCompetition(course, {
        settings: { accepts: ['code'], runSettings: { showLog: 'tail' } },
      });
      expect((await hide(quiet, 'id,x\na,1\n', 'x.csv')).body).toMatchObject({ notices: [] });
      const key = await hide(slug, tinyKey, 'y.csv');
      expect(key.problem()).toMatchObject({
        type: 'conflict',
        detail: expect.stringContaining('y.csv is the answer key'),
      });
      const open = await course.instructor.upload(`POST /competitions/${slug}/files`, tinyKey, 'y.csv');
      expect(open.status).toBe(409);
      const other = tinyKey.replace('a,0', 'a,1');
      await hide(slug, other, 'z.csv');
      const late = await course.instructor.upload(`PUT /competitions/${slug}/answer-key`, other, 'solution.csv');
      expect(late.problem().detail).toContain('among the data as z.csv');
      expect((await hide(slug, 'id,label\na,0\n', 'sample_submission.csv')).status).toBe(400);
    });
  });

  it('lets staff try code out before it is published', async () => {
    const slug = await makeCompetition(course, { published: false, settings: { accepts: ['code'] } });
    const answer = await course.instructor.upload(`POST /competitions/${slug}/submissions`, tinyScript, 'train.py');
    expect(answer.status).toBe(202);
    expect(Submission.parse(answer.body)).toMatchObject({ kind: 'code', state: 'queued' });
  });
});
