import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Submission } from '../../core/contract/submissions.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const attachments = [
  { id: 'report', title: 'Report', kind: 'file', required: true, endings: ['.pdf'] },
  { id: 'ai-use', title: 'Use of AI', kind: 'text', required: true },
  { id: 'log', title: 'Experiment log', kind: 'file' },
];

describe('what is handed in beside a submission', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 2 });
    slug = await makeCompetition(course, { settings: { attachments } });
  });
  afterAll(async () => await system.stop());

  function student(index: number): Person {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  }
  const read = async (who: Person, id: number) => Submission.parse((await who.call(`GET /submissions/${id}`)).body);
  const put = async (who: Person, id: number, field: string, content: string, name = 'a.pdf') =>
    await who.upload(`PUT /submissions/${id}/attachments/${field}`, content, name);
  const form = async (parts: Record<string, string | { content: string; name: string }>) => {
    const body = new FormData();
    for (const [field, part] of Object.entries(parts)) {
      if (typeof part === 'string') body.append(field, part);
      else body.append(field, new Blob([part.content]), part.name);
    }
    return await student(0).call(`POST /competitions/${slug}/submissions`, { body });
  };
  const file = { content: tinyPredictions, name: 'a.csv' };

  it('comes with the submission, files before or after it and texts as fields', async () => {
    const answer = await form({
      'attachment-report': { content: '%PDF-1.7', name: 'Über uns.PDF' },
      'attachment-ai-use': 'None, really. ☺',
      file,
      note: 'first',
    });
    expect(answer.status, answer.text).toBe(202);
    const { id, file: sent, missing, attachments: there } = Submission.parse(answer.body);
    expect([sent.name, sent.bytes, missing]).toEqual(['a.csv', tinyPredictions.length, undefined]);
    expect(there.map(({ field, name, bytes }) => [field, name, bytes])).toEqual([
      ['ai-use', 'ai-use.txt', 17],
      ['report', 'Über uns.PDF', 8],
    ]);
    const text = await course.ta.call(`GET /submissions/${id}/attachments/ai-use`);
    expect(text.text).toBe('None, really. ☺');
    const report = await student(0).call(`GET /submissions/${id}/attachments/report`);
    expect(report.text).toBe('%PDF-1.7');
    expect(Object.fromEntries(report.headers)).toMatchObject({
      'content-disposition': `attachment; filename="_ber_uns.PDF"; filename*=UTF-8''%C3%9Cber%20uns.PDF`,
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
    expect((await student(1).call(`GET /submissions/${id}/attachments/report`)).status).toBe(404);
    expect((await student(1).call(`DELETE /submissions/${id}/attachments/report`)).status).toBe(404);
  });

  it('is refused with the reason where its field does not take it, and then nothing is submitted or charged', async () => {
    const before = await system.db.prisma.submission.count();
    const refused = async (parts: Parameters<typeof form>[0]) => (await form({ file, ...parts })).problem().detail;
    expect(await refused({ 'attachment-report': { content: 'x', name: 'report.docx' } })).toBe(
      '"Report" takes files that end in .pdf; this is "report.docx".',
    );
    expect(await refused({ 'attachment-ai-use': '  ' })).toBe('"Use of AI" is empty. Write something.');
    expect(await refused({ 'attachment-ai-use': 'x'.repeat(120_000) })).toMatch(/at most 50000 bytes/);
    expect(await refused({ 'attachment-poem': 'Roses' })).toBe(
      'There is no field "poem" for attachments; there are report (Report), ai-use (Use of AI), log (Experiment log).',
    );
    expect(await refused({ 'attachment-log': { content: '', name: 'log.txt' } })).toMatch(/is empty/);
    expect(await system.db.prisma.submission.count()).toBe(before);
  });

  it('may be added, replaced and taken back until the phase closes, and later by staff, who are named in the log', async () => {
    const { id } = await student(0).submit(slug, tinyPredictions);
    expect((await read(student(0), id)).missing).toEqual(['Report', 'Use of AI']);
    expect((await put(student(0), id, 'report', 'one')).status).toBe(200);
    expect((await put(student(0), id, 'report', 'two, longer')).body).toMatchObject({
      attachments: [{ field: 'report', bytes: 11 }],
    });
    expect((await put(student(0), id, 'ai-use', 'None.', 'anything.exe')).status).toBe(200);
    expect((await read(student(0), id)).missing).toBeUndefined();
    expect((await put(student(0), id, 'log', 'x', 'log.html')).status).toBe(200);
    expect((await student(0).call(`DELETE /submissions/${id}/attachments/log`)).status).toBe(200);
    expect((await student(0).call(`DELETE /submissions/${id}/attachments/log`)).status).toBe(404);
    expect((await student(0).call(`GET /submissions/${id}/attachments/log`)).status).toBe(404);

    await course.instructor.json(`PATCH /competitions/${slug}`, {
      opensAt: new Date(Date.now() - hourMs).toISOString(),
      dueAt: new Date(Date.now() - 60_000).toISOString(),
    });
    expect((await put(student(0), id, 'report', 'three')).problem().type).toBe('deadline-passed');
    expect((await student(0).call(`DELETE /submissions/${id}/attachments/report`)).problem().type).toBe(
      'deadline-passed',
    );
    expect((await student(0).call(`GET /submissions/${id}/attachments/report`)).text).toBe('two, longer');
    expect((await put(course.ta, id, 'report', 'by staff')).status).toBe(200);
    const { body } = await course.ta.call(`GET /courses/${course.slug}/audit?action=putAttachment`);
    expect(body).toMatchObject({
      entries: [{ actor: { userId: course.ta.id }, after: { field: 'report', bytes: 8 } }],
    });
  });

  it('is declared by the instructor: each field once, of a known kind', async () => {
    const edit = async (fields: unknown) =>
      (await course.instructor.json(`PATCH /competitions/${slug}`, { attachments: fields })).status;
    expect(await edit([attachments[0], attachments[0]])).toBe(400);
    expect(await edit([{ id: 'x', title: 'X', kind: 'video' }])).toBe(400);
    expect(await edit([{ id: 'x', title: 'X', kind: 'file', endings: ['pdf'] }])).toBe(400);
    expect(await edit(attachments)).toBe(200);
  });
});
