import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedFiles } from '../../core/competition-folder/parse.ts';
import { Competition } from '../../core/contract/competitions.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { pull } from '../../dev/competition-folder/pull.ts';
import { push } from '../../dev/competition-folder/push.ts';
import { readFolder, type Folder } from '../../dev/competition-folder/read.ts';
import { openRemote } from '../../dev/competition-folder/remote.ts';
import { makeMidterm } from '../../examples/midterm/make.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

const examples = join(import.meta.dirname, '../../examples');

describe('the examples', () => {
  let system: System;
  let course: TestCourse;
  let parent: string;

  beforeAll(async () => {
    system = await startSystem();
    // As the folders name it: what is pulled is the same to the byte.
    course = await makeCourse(system, { students: 1, slug: 'ds542', timeZone: 'America/New_York' });
    parent = await mkdtemp(join(tmpdir(), 'topk-examples-'));
  });
  afterAll(async () => {
    await system.stop();
    await rm(parent, { recursive: true, force: true });
  });

  const remote = () => openRemote(system.url, course.instructor.token);
  const pushed = async (folder: Folder) => {
    const lines: string[] = [];
    await push(folder, remote(), (line) => lines.push(line));
    return lines;
  };
  const competition = async (slug: string) =>
    Competition.parse((await course.instructor.call(`GET /competitions/${slug}`)).body);
  /** What a baseline scores on both boards. */
  const scoresOf = async (slug: string, name: string) =>
    await until(`the score of ${name}`, 240_000, async () => {
      const scores: number[] = [];
      for (const board of ['public', 'private']) {
        const answer = await course.instructor.call(`GET /competitions/${slug}/leaderboard?board=${board}&phase=main`);
        const row = Leaderboard.parse(answer.body).rows.find((one) => one.baseline && one.name === name);
        const value = row?.scores['top1']?.value;
        if (value === undefined) return undefined;
        scores.push(value);
      }
      return scores;
    });

  async function expectSameWhenPulled(folder: Folder): Promise<void> {
    const { slug } = folder.file;
    const target = join(parent, `${slug}-pulled`);
    await pull({ slug, folder: target, overwrite: false }, remote(), () => undefined);
    for (const name of ['competition.yaml', ...namedFiles(folder.file).map((named) => named.name)])
      expect(await hashOf(join(target, name)), name).toBe(await hashOf(join(folder.path, name)));
    await rm(target, { recursive: true });
  }

  it.each([
    ['digits', 'Sample submission', [31 / 306, 40 / 491]],
    ['homework', 'Nearest centroid', [32 / 52, 66 / 98]],
  ])('%s is in order, is pushed and scored, and is pulled as it was', async (name, baseline, scores) => {
    const folder = await readFolder(join(examples, name));
    const lines = await pushed(folder);
    const { slug } = folder.file;
    expect(lines).toContain(`${slug}: published`);
    const made = await competition(slug);
    expect(made).toMatchObject({ title: folder.file.title, kind: folder.file.kind, description: folder.description });
    expect((await scoresOf(slug, baseline)).map((score) => score.toFixed(9))).toEqual(
      scores.map((score) => score.toFixed(9)),
    );
    expect((await pushed(folder)).filter((line) => !line.endsWith('unchanged'))).toEqual([]);
    await expectSameWhenPulled(folder);
  });

  it('has a midterm whose files are made, the same each time, of as many rows as are wanted', async () => {
    const [one, other] = [join(parent, 'one'), join(parent, 'other')];
    await makeMidterm(one, 9_500);
    await makeMidterm(other, 9_500);
    for (const name of ['solution.csv', 'data/sample_submission.csv', 'baselines/benchmark.csv'])
      expect((await readFile(join(one, name))).equals(await readFile(join(other, name)))).toBe(true);
    await expect(makeMidterm(one, 1_000)).rejects.toThrow('a multiple of 95');
  });

  it('has the midterm as it was run: 950,000 rows, which are scored', async () => {
    const midterm = join(parent, 'midterm');
    await cp(join(examples, 'midterm'), midterm, { recursive: true });
    await makeMidterm(midterm);
    const rows: string[] = [];
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(join(midterm, 'baselines/benchmark.csv')) })) {
      count += 1;
      if (count === 2 || count === 950_001) rows.push(line.replace(/,.*/, ''));
    }
    expect([count, rows]).toEqual([950_001, ['distortion00_1_0', 'distortion18_5_9999']]);

    const folder = await readFolder(midterm);
    expect(await pushed(folder)).toContain('midterm: published');
    const { phases } = await competition('midterm');
    expect(phases[0]).toMatchObject({
      answerKey: { rows: 950_000, classes: 100 },
      parts: [{ slug: 'simple-cnn' }, { slug: 'deeper-cnn' }, { slug: 'transfer-learning' }],
      attachments: [{ id: 'report', required: true }, { id: 'experiment-log' }, { id: 'ai-use', required: true }],
      latePolicy: { kind: 'percent', percent: 1, per: 'hour', cap: 48 },
    });
    for (const score of await scoresOf('midterm', 'Benchmark')) expect(score).toBeCloseTo(0.397, 4);

    // It is dated: for a student it is opened now.
    const [hour, now] = [3_600_000, Date.now()];
    const open = await course.instructor.json('PATCH /competitions/midterm', {
      opensAt: new Date(now - hour).toISOString(),
      dueAt: new Date(now + 24 * hour).toISOString(),
      lateUntil: null,
    });
    expect(open.status, open.text).toBe(200);
    const [student] = course.students;
    const body = await openAsBlob(join(midterm, 'data/sample_submission.csv'));
    const sent = await student?.call('POST /competitions/midterm/submissions?part=simple-cnn&filename=ones.csv', {
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(sent?.status, sent?.text).toBe(202);
    const { id } = Object(sent?.body);
    const { scores } = await course.instructor.finished(id);
    expect((scores?.public['top1']?.rows ?? 0) + (scores?.private?.['top1']?.rows ?? 0)).toBe(950_000);
  }, 600_000);
});

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
