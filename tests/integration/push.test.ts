import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { FolderErrors } from '../../core/competition-folder/parse.ts';
import { push } from '../../dev/competition-folder/push.ts';
import { readFolder } from '../../dev/competition-folder/read.ts';
import { openRemote } from '../../dev/competition-folder/remote.ts';
import { tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

describe('pushing a folder', () => {
  let system: System;
  let course: TestCourse;
  let folder: string;
  const slug = 'as-code';

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 0 });
    folder = await mkdtemp(join(tmpdir(), 'topk-folder-'));
    await mkdir(join(folder, 'data'));
    await write('overview.md', '# Read this\n');
    await write('data/train.csv', 'id,label\nx,1\n');
    await write('data/test.csv', 'id\na\n');
    await write('solution.csv', tinyKey);
    await write('baseline.csv', tinyPredictions);
    await write('competition.yaml', yaml());
  });
  afterAll(async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (name: string, text: string) => await writeFile(join(folder, name), text);
  const yaml = (dailyLimit = 5) => `course: ${course.slug}
slug: ${slug}
title: As code
kind: midterm
description: overview.md
metrics: [top1, top5]
published: true
phases:
  - slug: main
    dueAt: 2099-10-30T23:59:00-04:00
    dailyLimit: ${dailyLimit}
    answerKey: solution.csv
  - slug: second
    title: Second part
    dueAt: 2099-11-30T23:59:00-05:00
    counts: last
    answerKey: solution.csv
data:
  - file: data/train.csv
  - file: data/test.csv
    hidden: true
baselines:
  - name: Half of it
    file: baseline.csv
`;
  const pushed = async (token = course.instructor.token) => {
    const lines: string[] = [];
    await push(await readFolder(folder), openRemote(system.url, token), (line) => lines.push(line));
    return lines;
  };
  const there = async () => Competition.parse((await course.instructor.call(`GET /competitions/${slug}`)).body);

  it('makes what is missing, then sends nothing that is the same, then only what has changed', async () => {
    const all = ['data/train.csv', 'data/test.csv', 'solution.csv', 'solution.csv', 'baseline.csv'];
    expect(await pushed()).toEqual([
      `${slug}: made`,
      'phase second: made',
      ...all.map((name) => `${name}: sent`),
      `${slug}: published`,
    ]);
    const first = await there();
    expect(first).toMatchObject({ title: 'As code', kind: 'midterm', description: '# Read this\n' });
    expect(first.phases.map(({ dueAt, dailyLimit, counts }) => [dueAt, dailyLimit, counts])).toEqual([
      ['2099-10-31T03:59:00.000Z', 5, 'best'],
      ['2099-12-01T04:59:00.000Z', null, 'last'],
    ]);
    expect(first.files.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['test.csv', true],
      ['train.csv', undefined],
    ]);

    const unchanged = ['phase main: unchanged', 'phase second: unchanged', ...all.map((name) => `${name}: unchanged`)];
    expect(await pushed()).toEqual(unchanged);
    expect(await there()).toEqual(first);

    await write('competition.yaml', yaml(3));
    await write('overview.md', '# Read this too\n');
    await write('data/train.csv', 'id,label\nx,2\n');
    expect(await pushed()).toEqual(
      unchanged.map((line) =>
        line
          .replace('phase main: unchanged', 'phase main: changed description, dailyLimit')
          .replace('train.csv: unchanged', 'train.csv: sent'),
      ),
    );
    expect((await there()).description).toBe('# Read this too\n');

    // What the server tells whoever uploads by hand, a push tells as well.
    await until('the baseline', 120_000, async () => {
      const board = await course.instructor.call(`GET /competitions/${slug}/leaderboard?phase=main`);
      return board.text.includes('Half of it');
    });
    await write('solution.csv', tinyKey.replace('b,1', 'b,2'));
    await write('data/test.csv', 'id,label\na,1\n');
    const told = (await pushed()).filter((line) => line.startsWith('  '));
    expect(told).toEqual([
      expect.stringMatching(/test.csv: by its column "label" it may hold labels/),
      '  1 submission was scored with an earlier answer key: POST …/rescore brings them up to date.',
    ]);
  });

  it('says the server’s sentence where it is refused', async () => {
    await write(
      'competition.yaml',
      yaml().replace('2099-10-30', '2000-10-30').replace('dailyLimit', 'opensAt: 2001-01-01T00:00:00Z\n    dailyLimit'),
    );
    await expect(pushed()).rejects.toThrow('must be after opensAt');
    await expect(pushed(course.ta.token)).rejects.toThrow('instructor');
    await expect(pushed('topk_wrong')).rejects.toThrow(/token/i);
  });

  it('finds a file that is missing before anything is sent, and names the line', async () => {
    await write('competition.yaml', yaml().replace('baseline.csv', 'other.csv'));
    await expect(readFolder(folder)).rejects.toThrow(FolderErrors);
    await expect(readFolder(folder)).rejects.toThrow(
      'competition.yaml:24: baselines.0.file there is no file other.csv',
    );
  });
});
