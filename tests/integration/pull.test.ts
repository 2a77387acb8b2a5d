import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCompetitionFolder } from '../../core/contract/competition-folder.ts';
import { pull } from '../../dev/competition-folder/pull.ts';
import { push } from '../../dev/competition-folder/push.ts';
import { readFolder } from '../../dev/competition-folder/read.ts';
import { openRemote } from '../../dev/competition-folder/remote.ts';
import { makeCompetition, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('pulling a competition', () => {
  let system: System;
  let course: TestCourse;
  let parent: string;
  const slug = 'pulled';

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1, timeZone: 'America/New_York' });
    parent = await mkdtemp(join(tmpdir(), 'topk-pull-'));
    await write('pushed', files());
  });
  afterAll(async () => {
    await system.stop();
    await rm(parent, { recursive: true, force: true });
  });

  const yaml = () => `# The midterm.
course:   ${course.slug}   # this term's
slug: ${slug}
title: "Pulled"
kind: midterm
description: pages/overview.md
metrics: [ top1,top5 ]
published: true

phases:
# The one that counts
- slug: main
  dueAt: 2099-10-30T23:59:00-04:00   # a Friday
  lateUntil: 2099-11-01T23:59:00-05:00
  latePolicy: { kind: percent, percent: 1, per: hour, cap: 48 }
  dailyLimit: 5
  answerKey: keys/solution.csv
  parts:
    - { slug: one, title: One }
    # harder
    - slug: two
      title: Two
  gradeScheme:
    performance:
      anchors:
        - { name: benchmark, score: 0.397, points: 28 }  # as measured
        - { name: target, score: 0.7, points: 40 }
- slug: second
  title: Second
  dueAt: 2099-11-30T23:59:00-05:00
  answerKey: keys/solution.csv
data:
  - file: data/train.csv
  # only graded runs see it
  - file: data/test.csv
    hidden: true
baselines:
  - {name: Half of it, file: baselines/half.csv, part: one}
# the end
`;
  const files = (): Record<string, string> => ({
    'competition.yaml': yaml(),
    'pages/overview.md': '\ufeff# Read this\r\n\r\nTrailing  \n',
    'keys/solution.csv': tinyKey,
    'data/train.csv': 'id,label\nx,1\n',
    'data/test.csv': 'id\na\n',
    'baselines/half.csv': tinyPredictions,
  });

  async function write(folder: string, contents: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(contents)) {
      const path = join(parent, folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }
  async function read(folder: string): Promise<Record<string, string>> {
    const entries = await readdir(join(parent, folder), { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const names = found.map((path) => path.slice(join(parent, folder).length + 1));
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(parent, folder, name), 'utf8')] as const)),
    );
  }
  const pushed = async (folder: string) => {
    const lines: string[] = [];
    const remote = openRemote(system.url, course.instructor.token);
    await push(await readFolder(join(parent, folder)), remote, (line) => lines.push(line));
    return lines;
  };
  const pulled = async (folder: string, { of = slug, by = course.instructor, overwrite = false } = {}) => {
    const lines: string[] = [];
    const target = { slug: of, folder: join(parent, folder), overwrite };
    await pull(target, openRemote(system.url, by.token), (line) => lines.push(line));
    return lines;
  };
  const must = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    expect(status, text).toBeLessThan(300);
  };

  it('gives back what was pushed, to the byte', async () => {
    await pushed('pushed');
    await pulled('same');
    expect(await read('same')).toEqual(files());
    expect(await pulled('same')).toEqual(expect.arrayContaining(['competition.yaml: unchanged']));
    expect((await pushed('same')).filter((line) => !line.endsWith('unchanged'))).toEqual([]);
  });

  it('gives a TA what students may see, and students nothing', async () => {
    const lines = await pulled('of-ta', { by: course.ta });
    const secret = ['data/test.csv', 'keys/solution.csv', 'baselines/half.csv'];
    for (const name of secret) expect(lines).toContain(`${name}: left out: for instructors only`);
    expect(Object.keys(await read('of-ta')).toSorted()).toEqual(
      Object.keys(files())
        .filter((name) => !secret.includes(name))
        .toSorted(),
    );
    const [student] = course.students;
    if (!student) throw new Error('no student');
    await expect(pulled('of-student', { by: student })).rejects.toThrow('TAs and instructors');
    await expect(pulled('of-nobody', { of: 'no-such' })).rejects.toThrow('nothing at');
  });

  it('has what changed on the server, on the lines of it alone', async () => {
    const { instructor } = course;
    const at = `/competitions/${slug}`;
    await must(
      instructor.json(`PATCH ${at}`, {
        title: 'Pulled: again',
        description: 'New.\n',
        showSmallBoards: true,
        dueAt: '2099-10-31T12:00:00Z',
        latePolicy: { kind: 'percent', percent: 2, per: 'hour', cap: 48 },
        parts: [
          { slug: 'one', title: 'One' },
          { slug: 'two', title: 'Number two' },
          { slug: 'three', title: 'Three' },
        ],
      }),
    );
    await must(instructor.json(`PATCH ${at}?phase=second`, { dailyLimit: 7 }));
    const otherKey = tinyKey.replace('b,1', 'b,2');
    await must(instructor.upload(`PUT ${at}/answer-key?phase=second`, otherKey, 'k.csv'));
    await must(instructor.upload(`POST ${at}/files`, 'id,label\nx,2\n', 'train.csv'));
    await must(instructor.upload(`POST ${at}/files?phase=second`, 'id\n', 'more.csv'));
    await must(instructor.call(`DELETE ${at}/files/test.csv`));
    await must(instructor.upload(`POST ${at}/baselines?name=Other&phase=second`, tinyPredictions, 'other.csv'));

    await expect(pulled('same')).rejects.toThrow('--overwrite');
    await pulled('same', { overwrite: true });
    const after = await read('same');
    const expected = yaml()
      .replace('title: "Pulled"', 'title: "Pulled: again"')
      .replace('2099-10-30T23:59:00-04:00', '2099-10-31T08:00:00-04:00')
      .replace('percent: 1,', 'percent: 2,')
      .replace('title: Two\n', 'title: Number two\n    - slug: three\n      title: Three\n')
      .replace(
        'dueAt: 2099-11-30T23:59:00-05:00\n  answerKey: keys/solution.csv',
        'dueAt: 2099-11-30T23:59:00-05:00\n  answerKey: keys/solution-2.csv\n  dailyLimit: 7',
      )
      .replace('  # only graded runs see it\n  - file: data/test.csv\n    hidden: true\n', '')
      .replace('train.csv\n', 'train.csv\n  # only graded runs see it\n  - file: data/more.csv\n    phase: second\n')
      .replace('part: one}\n', 'part: one}\n  - name: Other\n    file: baselines/other.csv\n    phase: second\n');
    expect(after['competition.yaml']).toBe(`${expected.replace('# the end\n', '')}showSmallBoards: true\n# the end\n`);
    expect(after).toMatchObject({
      'pages/overview.md': 'New.\n',
      'keys/solution.csv': tinyKey,
      'keys/solution-2.csv': otherKey,
      'data/train.csv': 'id,label\nx,2\n',
      'data/more.csv': 'id\n',
      'baselines/other.csv': tinyPredictions,
    });
    // It is what the server has: pushing it sends nothing, and then a pull gives it back.
    await rm(join(parent, 'same/data/test.csv'));
    expect((await pushed('same')).filter((line) => !line.endsWith('unchanged'))).toEqual([]);
    await pulled('again');
    expect(await read('again')).toEqual(await read('same'));
  });

  it('makes a folder of what was never pushed, which makes the same competition again', async () => {
    const made = await makeCompetition(course, {
      published: false,
      settings: { dailyLimit: 3, counts: 'last', classes: ['0', '1', '2', '3'] },
    });
    const phase = { slug: 'late', title: 'Late', dueAt: '2099-01-01T00:00:00Z', accepts: ['code'] };
    await must(course.instructor.json(`POST /competitions/${made}/phases`, phase));
    await pulled('made', { of: made });
    const contents = await read('made');
    expect(Object.keys(contents).toSorted()).toEqual(['competition.yaml', 'data/test.csv', 'solution.csv']);
    expect(contents['competition.yaml']).toMatch(/dueAt: \S+-0[45]:00\n/);
    const copy = `${made}-copy`;
    await write('made', {
      'competition.yaml': contents['competition.yaml']?.replace(`slug: ${made}`, `slug: ${copy}`) ?? '',
    });
    await pushed('made');
    const now = async (of: string) => {
      const { body } = await course.instructor.call(`GET /competitions/${of}/folder`);
      return getCompetitionFolder.schema.response[200].parse(body).now;
    };
    expect(await now(copy)).toEqual(await now(made));
  });
});
