import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCompetitionFolder, uploadCompetitionFolder } from '../../core/contract/competition-folder.ts';
import { Competition } from '../../core/contract/competitions.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { tinyKey, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { makeZip, type ZipEntry } from '../support/zip.ts';

const Uploaded = uploadCompetitionFolder.schema.response[200];

describe('a folder that is sent as a zip', () => {
  let system: System;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 0 });
  });
  afterAll(async () => await system.stop());

  const yaml = (slug: string) => `# as it was sent
course: ${course.slug}
slug: ${slug}
title: As a zip
description: overview.md
metrics: [top1]
published: true
phases:
  - slug: main
    opensAt: 2020-01-01T00:00:00Z
    dueAt: 2099-10-30T23:59:00-04:00
    answerKey: solution.csv
    gradeScheme:
      performance: { anchors: [{ name: all, score: 1, points: 10 }] }
  - slug: second
    title: Second
    dueAt: 2099-11-30T23:59:00-05:00
    answerKey: solution.csv
data:
  - file: data/test.csv
  - file: data/pictures.zip
    hidden: true
baselines:
  - name: Half of it
    file: half.csv
`;
  const entries = (slug: string): ZipEntry[] => [
    { name: 'midterm/competition.yaml', content: yaml(slug) },
    { name: 'midterm/overview.md', content: '# Read this\n' },
    { name: 'midterm/solution.csv', content: tinyKey },
    { name: 'midterm/data/test.csv', content: 'id\na\n' },
    { name: 'midterm/data/pictures.zip', content: makeZip([{ name: 'a.png', content: 'x' }]), stored: true },
    { name: 'midterm/half.csv', content: tinyPredictions },
    { name: 'midterm/notes/to-self.txt', content: 'not sent on' },
  ];
  const send = async (zip: Uint8Array<ArrayBuffer>, query = '', by = course.instructor) =>
    await by.upload(`POST /courses/${course.slug}/competition-folder${query}`, zip, 'midterm.zip');
  const made = async (slug: string) => await course.instructor.call(`GET /competitions/${slug}`);

  it('is told before it is done, then done, then the same', async () => {
    const slug = 'zipped';
    const zip = makeZip(entries(slug));
    const preview = await send(zip, '?preview=true');
    expect(preview.status, preview.text).toBe(200);
    const expected = [
      [slug, 'made'],
      ['grade scheme of phase main', 'made'],
      ['phase second', 'made'],
      ['data/test.csv', 'sent'],
      ['data/pictures.zip', 'sent'],
      ['solution.csv', 'sent'],
      ['solution.csv', 'sent'],
      ['half.csv', 'sent'],
      [slug, 'published'],
    ];
    const changesOf = (body: unknown) => Uploaded.parse(body).changes.map(({ what, how }) => [what, how]);
    expect(changesOf(preview.body)).toEqual(expected);
    expect((await made(slug)).status).toBe(404);

    const done = await send(zip);
    expect(done.status, done.text).toBe(200);
    expect(changesOf(done.body)).toEqual(expected);
    const competition = Competition.parse((await made(slug)).body);
    expect(competition).toMatchObject({ title: 'As a zip', description: '# Read this\n' });
    expect(competition.files.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['pictures.zip', true],
      ['test.csv', undefined],
    ]);
    expect(competition.publishedAt).not.toBeNull();
    await until('the baseline on the board', 120_000, async () => {
      const board = await course.instructor.call(`GET /competitions/${slug}/leaderboard?phase=main`);
      return Leaderboard.parse(board.body).rows.some(({ name }) => name === 'Half of it');
    });
    const folder = await course.instructor.call(`GET /competitions/${slug}/folder`);
    expect(getCompetitionFolder.schema.response[200].parse(folder.body).source).toBe(yaml(slug));

    expect(new Set(changesOf((await send(zip)).body).map(([, how]) => how))).toEqual(new Set(['unchanged']));
    const log = await course.instructor.call(`GET /courses/${course.slug}/audit?action=uploadCompetitionFolder`);
    expect(log.text).toContain(`competition ${slug}: competition.yaml`);
    expect(await readdir(join(system.dataDir, 'incoming'))).toEqual([]);
  });

  it('is refused with the line of each error, as by validate', async () => {
    const wrong = entries('wrong').map((entry) =>
      entry.name === 'midterm/competition.yaml'
        ? {
            ...entry,
            content: yaml('wrong').replace('[top1]', '[accuracy]').replace('dueAt: 2099-10', 'dueat: 2099-10'),
          }
        : entry,
    );
    const answer = await send(makeZip(wrong));
    expect([answer.status, answer.problem().type]).toEqual([422, 'folder-rejected']);
    expect(answer.problem().errors?.map(({ path, line }) => [path, line])).toEqual([
      ['competition.yaml', 6],
      ['competition.yaml', 9],
    ]);
    const missing = await send(makeZip(entries('wrong').filter(({ name }) => name !== 'midterm/half.csv')));
    expect(missing.problem().errors).toEqual([
      { path: 'competition.yaml', line: 25, message: 'baselines.0.file there is no file half.csv' },
    ]);
    const elsewhere = entries('wrong').map((entry) =>
      entry.name === 'midterm/competition.yaml'
        ? { ...entry, content: yaml('wrong').replace(`course: ${course.slug}`, 'course: another') }
        : entry,
    );
    expect((await send(makeZip(elsewhere))).problem().errors?.map(({ line }) => line)).toEqual([2]);
    expect((await made('wrong')).status).toBe(404);
  });

  it('names the line of what the server refuses half-way, and goes on once that is mended', async () => {
    const slug = 'half-way';
    const late = yaml(slug).replace('dueAt: 2099-11', 'opensAt: 2100-01-01T00:00:00Z\n    dueAt: 2099-11');
    const [, ...rest] = entries(slug);
    const answer = await send(makeZip([{ name: 'midterm/competition.yaml', content: late }, ...rest]));
    expect(answer.status).toBe(400);
    expect(answer.problem().errors).toMatchObject([{ path: 'competition.yaml', line: 18 }]);
    expect(answer.problem().detail).toMatch(/^phase second: .*must be after opensAt.* kept: half-way: made/);
    const again = await send(makeZip(entries(slug)));
    expect(again.status, again.text).toBe(200);
    expect(Uploaded.parse(again.body).changes[0]).toEqual({ what: 'phase main', how: 'unchanged' });
  });

  it.each<[string, (slug: string) => ZipEntry[], RegExp]>([
    ['leads out of it', (slug) => [...entries(slug), { name: '../../etc/passwd', content: 'x' }], /leads out/],
    [
      'is a link',
      (slug) => [...entries(slug), { name: 'midterm/link', content: '/etc/passwd', mode: 0o120777 }],
      /link/,
    ],
    ['is there twice', (slug) => [...entries(slug), { name: 'midterm/HALF.csv', content: 'x' }], /case alone/],
    [
      'shares its bytes with another',
      (slug) => [...entries(slug), { name: 'midterm/data/more.csv', content: tinyKey, sameAs: 2 }],
      /another name|overlaps/,
    ],
    [
      'unpacks to a hundred times its size and more',
      (slug) =>
        entries(slug).map((entry) =>
          entry.name === 'midterm/data/test.csv' ? { ...entry, content: '0'.repeat(50_000_000) } : entry,
        ),
      /times its size/,
    ],
    [
      'lies about its size',
      (slug) =>
        entries(slug).map((entry) => (entry.name === 'midterm/half.csv' ? { ...entry, declaredBytes: 3 } : entry)),
      /larger than the archive says/,
    ],
    [
      'is too much in all',
      (slug) => [...entries(slug), { name: 'midterm/huge.bin', content: 'x', declaredBytes: 4_000_000_000 }],
      /unpacks to more than/,
    ],
    ['has no competition.yaml', (slug) => entries(slug).slice(1), /no competition.yaml at its top/],
    [
      'has a competition.yaml that is no text',
      (slug) => [
        { name: 'midterm/competition.yaml', content: new Uint8Array([0xff, 0xfe, 0]) },
        ...entries(slug).slice(1),
      ],
      /not UTF-8/,
    ],
    [
      'has a competition.yaml that refers to itself without end',
      (slug) => [{ name: 'midterm/competition.yaml', content: `a: &a [x]\n${bomb()}` }, ...entries(slug).slice(1)],
      /competition.yaml:/,
    ],
    [
      'has a competition.yaml of a hundred thousand brackets',
      (slug) => [
        { name: 'midterm/competition.yaml', content: `a: ${'['.repeat(100_000)}`, stored: true },
        ...entries(slug).slice(1),
      ],
      /competition.yaml:/,
    ],
  ])('is refused where something %s, and leaves nothing', async (what, of, message) => {
    const slug = `bad-${what.length}`;
    const answer = await send(makeZip(of(slug)));
    expect([answer.status, answer.problem().type], answer.text).toEqual([422, 'folder-rejected']);
    expect(answer.problem().detail).toMatch(message);
    expect((await made(slug)).status).toBe(404);
    expect(await readdir(join(system.dataDir, 'incoming'))).toEqual([]);
  });

  it('is refused where it is no zip, or another course has a competition of its name', async () => {
    const answer = await send(new Uint8Array(Buffer.from('no zip')));
    expect([answer.status, answer.problem().type]).toEqual([422, 'folder-rejected']);
    const other = await makeCourse(system, { students: 0 });
    const there = await other.instructor.json('POST /competitions', {
      course: other.slug,
      slug: 'theirs',
      title: 'Theirs',
    });
    expect(there.status).toBe(201);
    expect((await send(makeZip(entries('theirs')))).status).toBe(409);
    expect((await send(makeZip(entries('theirs')), '', other.instructor)).status).toBe(404);
    expect((await send(makeZip(entries('theirs')), '', course.ta)).status).toBe(403);
  });

  function bomb(): string {
    return Array.from({ length: 20 }, (_, i) => {
      const [name, before] = [String.fromCodePoint(98 + i), String.fromCodePoint(97 + i)];
      return `${name}: &${name} [${`*${before},`.repeat(9)}*${before}]\n`;
    }).join('');
  }
});
