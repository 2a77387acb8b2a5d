import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PredictedRows, getCodeFile, listCodeFiles } from '../../core/contract/inspection.ts';
import { digitsFile, makeCompetition } from '../support/competitions.ts';
import type { Client } from '../support/client.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { registerImage, tinyScript } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';
import { makeZip } from '../support/zip.ts';

let system: System;
let course: TestCourse;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  system = await startSystem();
  course = await makeCourse(system, { students: 2 });
  const [first, second] = course.students;
  if (!first || !second) throw new Error('two students are needed');
  [ada, ben] = [first, second];
  await registerImage(system.db, 'python', 'sha256:python');
});
afterAll(async () => await system.stop());

/** All pages of the rows of a submission. */
async function allRows(id: number, query: string, by: Client = course.ta) {
  const pages: PredictedRows[] = [];
  for (let cursor: string | undefined; ;) {
    const from = cursor === undefined ? '' : `&cursor=${cursor}`;
    const { status, body, text } = await by.call(`GET /submissions/${id}/rows?${query}${from}`);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    const page = PredictedRows.parse(body);
    pages.push(page);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return { rows: pages.flatMap(({ rows }) => rows), hits: pages[0]?.hits, misses: pages[0]?.misses, pages };
}

const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe('hits and misses', () => {
  it('are those that a plain comparison of the files finds, page by page, on each board', async () => {
    const [solution, sent] = await Promise.all([
      digitsFile('solution.csv'),
      digitsFile('submissions/logistic_regression.csv'),
    ]);
    const slug = await makeCompetition(course, { key: solution, settings: { metrics: ['top1', 'top5'] } });
    const { id } = await ada.submit(slug, sent);
    const { scores } = await course.ta.finished(id);
    const predicted = new Map(cells(sent).map(([row = '', ...labels]) => [row, labels]));
    const wanted = cells(solution).map(([row = '', truth = '', usage = '']) => {
      const labels = predicted.get(row) ?? [];
      const rank = labels.indexOf(truth) + 1;
      return {
        id: row,
        truth,
        predicted: labels[0] ?? '',
        rank: rank === 0 ? null : rank,
        hit: rank === 1,
        usage: usage.toLowerCase(),
      };
    });
    const all = await allRows(id, 'outcome=all&limit=200');
    expect(all.rows).toEqual(wanted);
    expect(all.pages.length).toBe(Math.ceil(wanted.length / 200));
    const misses = await allRows(id, 'limit=7');
    expect(misses.rows).toEqual(wanted.filter(({ hit }) => !hit));
    expect(misses.pages.every(({ rows }) => rows.length <= 7)).toBe(true);
    const onPublic = await allRows(id, 'outcome=hits&board=public&limit=500');
    expect(onPublic.rows).toEqual(wanted.filter(({ hit, usage }) => hit && usage === 'public'));
    expect(onPublic.hits).toBe(scores?.public['top1']?.hits);
    const [one] = wanted.filter(({ hit }) => !hit);
    const pair = await allRows(id, `truth=${one?.truth}&predicted=${one?.predicted}`);
    expect(pair.rows).toEqual(
      wanted.filter(({ truth, predicted: best }) => truth === one?.truth && best === one?.predicted),
    );
  });

  it('are read from arrays of scores in the order of the sample submission, ties to the lower class', async () => {
    const slug = await makeCompetition(course, { published: false });
    await course.instructor.upload(
      `POST /competitions/${slug}/files`,
      'id,label\nd,0\nc,0\nb,0\na,0\n',
      'sample_submission.csv',
    );
    await course.instructor.upload(
      `PUT /competitions/${slug}/answer-key`,
      'id,label,Usage\na,0,Public\nb,1,Public\nc,2,Private\nd,3,Private\n',
      'solution.csv',
    );
    await course.instructor.call(`POST /competitions/${slug}/publish`);
    // Rows d, c, b, a: 3 is right; 2 ties with 1, which goes first; 0 and 1 tie, so b is wrong; a is right.
    const scores = [
      [0.1, 0.2, 0.3, 0.9],
      [0, 0.5, 0.5, 0.1],
      [0.25, 0.25, 0, 0],
      [3, -1, -2, -3],
    ];
    const { id } = await ada.submit(slug, npy(scores), 'scores.npy');
    expect((await ada.finished(id)).state).toBe('scored');
    const { rows } = await allRows(id, 'outcome=all');
    expect(rows.map(({ id: row, predicted, rank }) => [row, predicted, rank])).toEqual([
      ['d', '3', 1],
      ['c', '1', 2],
      ['b', '0', 2],
      ['a', '0', 1],
    ]);
  });

  it('are for staff alone, and of what was scored by rows alone', async () => {
    const slug = await makeCompetition(course);
    const { id } = await ada.submit(slug, 'id,label\na,0\nb,0\nc,2\nd,0\n');
    await ada.finished(id);
    expect((await ada.call(`GET /submissions/${id}/rows`)).status).toBe(403);
    expect((await ben.call(`GET /submissions/${id}/rows`)).status).toBe(404);
    const rejected = (await ada.submit(slug, 'id,label\na,0\n')).id;
    await ada.finished(rejected);
    expect((await course.ta.call(`GET /submissions/${rejected}/rows`)).problem()).toMatchObject({ type: 'conflict' });
  });
});

describe('the code of a submission', () => {
  const filesOf = async (id: number) =>
    listCodeFiles.schema.response[200].parse((await course.ta.call(`GET /submissions/${id}/code`)).body).files;
  const read = async (id: number, path: string) =>
    await course.ta.call(`GET /submissions/${id}/code/file?path=${encodeURIComponent(path)}`);
  const send = async (content: string | Uint8Array<ArrayBuffer>, name: string) => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code', 'predictions'] } });
    return (await ada.submit(slug, content, name)).id;
  };

  it('is listed and read file by file, as text, and never more of a file than its beginning', async () => {
    const long = `# ${'é'.repeat(400_000)}\n`;
    const id = await send(
      makeZip([
        { name: 'work/main.py', content: tinyScript },
        { name: 'work/lib/<b>.py', content: 'x = "</pre><script>alert(1)</script>"\n' },
        { name: 'work/long.py', content: long, stored: true },
        { name: 'work/weights.bin', content: new Uint8Array([1, 0, 255]) },
      ]),
      'work.zip',
    );
    expect((await filesOf(id)).map(({ path }) => path)).toEqual(['main.py', 'lib/<b>.py', 'long.py', 'weights.bin']);
    expect((await read(id, 'main.py')).body).toMatchObject({ text: tinyScript, cut: false });
    expect((await read(id, 'lib/<b>.py')).body).toMatchObject({ text: expect.stringContaining('<script>') });
    const start = getCodeFile.schema.response[200].parse((await read(id, 'long.py')).body);
    expect(start).toMatchObject({ cut: true, bytes: Buffer.byteLength(long) });
    expect(long.startsWith(start.text ?? 'none')).toBe(true);
    expect((await read(id, 'weights.bin')).body).toMatchObject({ text: null, bytes: 3 });
    expect((await read(id, '../main.py')).status).toBe(404);
    expect((await read(id, '')).status).toBe(400);
  });

  it('is one file where one was sent, and none where predictions were', async () => {
    const script = await send(tinyScript, 'train.py');
    expect(await filesOf(script)).toEqual([{ path: 'train.py', bytes: tinyScript.length }]);
    expect((await read(script, 'train.py')).body).toMatchObject({ text: tinyScript });
    const predictions = await send('id,label\na,0\nb,0\nc,2\nd,0\n', 'p.csv');
    expect(await filesOf(predictions)).toEqual([]);
    expect((await read(predictions, 'p.csv')).status).toBe(404);
    expect((await ada.call(`GET /submissions/${script}/code`)).status).toBe(403);
    expect((await ben.call(`GET /submissions/${script}/code/file?path=train.py`)).status).toBe(404);
  });
});

/** A float32 array as NumPy's format 1.0 writes it. */
function npy(values: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length}, ${values[0]?.length}), }`;
  const header = `${described.padEnd(117)}\n`;
  const data = Buffer.from(new Float32Array(values.flat()).buffer);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return new Uint8Array(Buffer.concat([start, Buffer.from(header), data]));
}
