import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listMembers } from '../../core/contract/courses.ts';
import { RosterPreview } from '../../core/contract/roster.ts';
import { Section } from '../../core/contract/sections.ts';
import type { Answer } from '../support/client.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const Members = listMembers.schema.response[200];

describe('the roster of a course', () => {
  let system: System;
  let course: TestCourse;
  let url: string;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 2 });
    url = `/courses/${course.slug}`;
  });

  const send = async (what: 'preview' | 'import', file: string, query = ''): Promise<Answer> =>
    await course.instructor.upload(`POST ${url}/roster/${what}${query}`, file, 'roster.csv');
  const preview = async (file: string, query = '') => {
    const answer = await send('preview', file, query);
    expect(answer.status, answer.text).toBe(200);
    return RosterPreview.parse(answer.body);
  };
  const bring = async (file: string, query = '') => {
    const { state } = await preview(file, query);
    return await send('import', file, `${query === '' ? '?' : `${query}&`}state=${state}`);
  };
  const members = async (query = '') =>
    Members.parse((await course.instructor.call(`GET ${url}/members${query}`)).body).members;
  const rowOf = ({ email, name }: Person, section = '') => `${email},${name},${section}\n`;
  const header = 'email,name,section\n';
  const mail = (name: string) => `${name}-${course.slug}@example.edu`;

  it('is previewed without a change, and imported as it was previewed', async () => {
    const [ada, ben] = course.students;
    if (!ada || !ben) throw new Error('two students are needed');
    const file = `${header}${rowOf(ada, 'A1')}${mail('new')},New Student,B1\n`;
    const before = await members();
    const told = await preview(file);
    expect(told).toMatchObject({
      format: 'plain',
      added: [{ line: 3, email: mail('new'), section: 'B1' }],
      changed: [{ userId: ada.id, changes: [{ field: 'section', from: '', to: 'A1' }] }],
      dropped: [{ userId: ben.id }],
      newSections: ['A1', 'B1'],
    });
    expect(await members()).toEqual(before);

    expect((await bring(file)).status).toBe(200);
    const after = await members();
    expect(after.filter(({ role }) => role === 'student').map(({ email, section }) => [email, section?.name])).toEqual(
      expect.arrayContaining([
        [ada.email, 'A1'],
        [mail('new'), 'B1'],
      ]),
    );
    expect(after.map(({ userId }) => userId)).not.toContain(ben.id);
    expect(after.find(({ email }) => email === mail('new'))).toMatchObject({ hasPassword: false, role: 'student' });
    expect(await preview(file)).toMatchObject({ added: [], changed: [], dropped: [], unchanged: 2 });
  });

  it('is not imported where something has changed since the preview', async () => {
    const file = `${header}${mail('new')},New,\n`;
    const { state } = await preview(file);
    const late = await course.add('student');
    for (const [sent, query] of [
      [file, ''],
      [`${header}${mail('other')},Other,\n`, ''],
      [file, '&drop=false'],
    ] as const) {
      const answer = await send('import', sent, `?state=${state}${query}`);
      expect(answer.problem()).toMatchObject({ type: 'conflict', status: 409 });
    }
    expect((await members()).map(({ userId }) => userId)).toContain(late.id);
    expect(await system.db.prisma.user.count({ where: { email: mail('new') } })).toBe(0);
  });

  it('is imported once by two who do so at the same time', async () => {
    const file = `${header}${mail('new')},New,\n`;
    const { state } = await preview(file);
    const answers = await Promise.all([1, 2, 3].map(async () => await send('import', file, `?state=${state}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  });

  it('keeps what dropped students did: they may do nothing, and have it all again when they are back', async () => {
    const [ada, ben] = course.students;
    if (!ada || !ben) throw new Error('two students are needed');
    const slug = await makeCompetition(course);
    const { id } = await ben.submit(slug, tinyPredictions);
    expect((await bring(`${header}${rowOf(ada)}`)).status).toBe(200);
    expect((await ben.call(`GET ${url}/announcements`)).status).toBe(404);
    expect((await ben.call(`GET /submissions/${id}`)).status).toBe(404);
    expect((await ben.upload(`POST /competitions/${slug}/submissions`, tinyPredictions)).status).toBe(404);
    expect((await ben.call('GET /me')).text).not.toContain(course.slug);
    const [gone] = (await members('?dropped=true')).filter(({ userId }) => userId === ben.id);
    expect(gone?.droppedAt).not.toBeNull();

    expect(await preview(`${header}${rowOf(ada)}${rowOf(ben)}`)).toMatchObject({
      changed: [{ userId: ben.id, restored: true }],
    });
    expect((await bring(`${header}${rowOf(ada)}${rowOf(ben)}`)).status).toBe(200);
    expect((await ben.call(`GET /submissions/${id}`)).status).toBe(200);
  });

  it('tells each error with line and column, and takes nothing of such a file', async () => {
    const answer = await send('preview', `${header}${mail('new')},New,\nnobody,,\n`);
    expect(answer.problem()).toMatchObject({
      type: 'roster-rejected',
      status: 422,
      errors: [
        { line: 3, column: 'name' },
        { line: 3, column: 'email' },
      ],
    });
    expect(answer.problem().detail).toContain('Line 3');
    const many = `${header}${'x,y,\n'.repeat(80)}`;
    expect((await send('preview', many)).problem()).toMatchObject({ moreErrors: 30 });
    expect((await send('preview', `${header}a@b.edu,A\u0000,\n`)).status).toBe(422);
  });

  it('takes five thousand students at once', async () => {
    const file = `${header}${Array.from({ length: 5_000 }, (_, i) => `s${i}-${course.slug}@example.edu,Student ${i},S${i % 20}\n`).join('')}`;
    expect((await bring(file)).status).toBe(200);
    expect(
      await system.db.prisma.enrollment.count({ where: { courseId: course.id, role: 'student', droppedAt: null } }),
    ).toBe(5_000);
  });

  it('is exported as a file that the import reads, with nothing to change', async () => {
    expect((await bring(`${header}${mail('a')},"=cmd, ""A""",A1\n`)).status).toBe(200);
    const file = await course.ta.call(`GET ${url}/roster.csv`);
    expect(file.headers.get('content-disposition')).toContain(`${course.slug}-roster.csv`);
    expect(file.text).toMatch(/^name,email,role,section,student_id,username\r\n/);
    expect(await preview(file.text)).toMatchObject({ added: [], changed: [], dropped: [], unchanged: 1, skipped: 2 });
  });

  it('has sections, which are filtered by, renamed and taken away; their people stay', async () => {
    const [ada] = course.students;
    const made = Section.parse((await course.instructor.json(`POST ${url}/sections`, { name: 'A1' })).body);
    const again = await course.instructor.json(`POST ${url}/sections`, { name: ' A1 ' });
    expect(again.problem().type).toBe('conflict');
    const edit = { sectionId: made.id, studentId: 'U1' };
    const edited = await course.instructor.json(`PATCH ${url}/members/${ada?.id}`, edit);
    expect(edited.body).toMatchObject({ section: { name: 'A1' }, studentId: 'U1' });
    expect((await members(`?section=${made.id}`)).map(({ userId }) => userId)).toEqual([ada?.id]);
    const renamed = await course.instructor.json(`PATCH ${url}/sections/${made.id}`, { name: 'A2' });
    expect(renamed.body).toEqual({ id: made.id, name: 'A2', students: 1 });

    const other = await makeCourse(system, { students: 0 });
    for (const call of [
      `PATCH /courses/${other.slug}/sections/${made.id}`,
      `DELETE /courses/${other.slug}/sections/${made.id}`,
    ])
      expect((await other.instructor.json(call, { name: 'X' })).status).toBe(404);
    const foreign = Section.parse(
      (await other.instructor.json(`POST /courses/${other.slug}/sections`, { name: 'X' })).body,
    );
    expect((await course.instructor.json(`PATCH ${url}/members/${ada?.id}`, { sectionId: foreign.id })).status).toBe(
      404,
    );

    expect((await course.instructor.call(`DELETE ${url}/sections/${made.id}`)).status).toBe(204);
    expect((await members()).find(({ userId }) => userId === ada?.id)).toMatchObject({ section: null });
  });
});
