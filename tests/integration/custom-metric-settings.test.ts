import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { makeCompetition } from '../support/competitions.ts';
import { metricThat } from '../support/fake-scorer.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { makeRegression, off, putMetric, regressionKey } from '../support/regression.ts';
import { startSystem, type System } from '../support/system.ts';

let system: System;
let course: TestCourse;
let student: Person;

beforeAll(async () => {
  system = await startSystem({ worker: false });
  course = await makeCourse(system, { students: 1 });
  const [first] = course.students;
  if (!first) throw new Error('a student is needed');
  student = first;
});
afterAll(async () => await system.stop());

const readCompetition = async (slug: string) =>
  Competition.parse((await course.instructor.call(`GET /competitions/${slug}`)).body);

describe('the file of a custom metric, set by an instructor', () => {
  it('before the competition is published', async () => {
    const settings = { metrics: ['custom'] };
    const slug = await makeCompetition(course, { key: regressionKey, settings, published: false });
    const refused = await course.instructor.call(`POST /competitions/${slug}/publish`);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Upload metric.py');
    expect((await putMetric(course.instructor, slug, metricThat())).status).toBe(200);
    expect((await course.instructor.call(`POST /competitions/${slug}/publish`)).status).toBe(200);
  });

  it('as a Python file, which is not run to find out', async () => {
    const slug = await makeCompetition(course);
    const refusals: [string | Uint8Array<ArrayBuffer>, number, string][] = [
      ['import os\n', 400, 'no function \\"score\\"'],
      ['  def score(a, b, c): pass\n', 400, 'no function'],
      [new Uint8Array([0xff, 0xfe, 0x64]), 400, 'UTF-8'],
      ['def score(a, b, c): return 1\n\0', 400, 'NUL'],
      [`def score(a, b, c): return 1\n#${'x'.repeat(256 * 1024)}`, 413, 'too large'],
    ];
    for (const [content, status, words] of refusals) {
      const answer = await putMetric(course.instructor, slug, content);
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(words)]);
    }
    for (const person of [course.ta, student]) expect((await putMetric(person, slug, metricThat())).status).toBe(403);
    expect(
      (await putMetric(course.instructor, slug, 'def score(solution, submission, row_id_column_name):\r\n  return 1'))
        .status,
    ).toBe(200);
  });

  it('before it is among the metrics of what is published, and is taken away after', async () => {
    const slug = await makeCompetition(course);
    const patch = async (metrics: string[]) => await course.instructor.json(`PATCH /competitions/${slug}`, { metrics });
    const tooEarly = await patch(['custom']);
    expect([tooEarly.status, tooEarly.text]).toEqual([400, expect.stringContaining('upload its file first')]);
    await putMetric(course.instructor, slug, metricThat());
    expect((await patch(['custom', 'top1'])).status).toBe(200);
    const del = async (by: Person) => (await by.call(`DELETE /competitions/${slug}/metric`)).status;
    expect([await del(student), await del(course.instructor)]).toEqual([403, 409]);
    await patch(['top1']);
    expect(await del(course.instructor)).toBe(204);
    expect((await patch(['custom'])).status).toBe(400);
  });

  it('and seen by name and direction by students, by its hash by staff', async () => {
    const slug = await makeRegression(course);
    const seen = async (by: Person) =>
      Competition.parse((await by.call(`GET /competitions/${slug}`)).body).customMetric;
    expect(await seen(student)).toEqual({ fileName: 'mae.py', higherIsBetter: false });
    expect(await seen(course.ta)).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('a custom metric alone', () => {
  it('takes a key of any columns and tells nobody its targets', async () => {
    const slug = await makeRegression(course);
    const { answerKey } = Competition.parse((await course.ta.call(`GET /competitions/${slug}`)).body).phases[0] ?? {};
    expect(answerKey).toMatchObject({ rows: 4, publicRows: 2, privateRows: 2, classes: 0 });
    const shape = await student.call(`GET /competitions/${slug}/shape`);
    expect([shape.status, shape.text]).toEqual([404, expect.stringContaining('own metric')]);
    const check = await student.upload(`POST /competitions/${slug}/check`, off(1), 'p.csv');
    expect(check.body).toEqual({
      valid: true,
      errors: [],
      moreErrors: 0,
      notices: [expect.stringContaining('own metric')],
    });
  });

  it('still takes no key with a repeated id', async () => {
    const slug = await makeRegression(course);
    const answer = await course.instructor.upload(
      `PUT /competitions/${slug}/answer-key`,
      'id,y,z,Usage\na,1,1,Public\na,2,2,Private\n',
      'solution.csv',
    );
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('on an earlier line already')]);
  });

  it('can’t be replaced by a built-in one that can’t read the key', async () => {
    const slug = await makeRegression(course);
    const answer = await course.instructor.json(`PATCH /competitions/${slug}`, { metrics: ['top1'] });
    expect([answer.status, answer.text]).toEqual([
      422,
      expect.stringContaining('These metrics do not fit the answer key'),
    ]);
    expect((await readCompetition(slug)).metrics).toEqual(['custom']);
  });
});
