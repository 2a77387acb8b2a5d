import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Announcement, listAnnouncements } from '../../core/contract/announcements.ts';
import type { Client } from '../support/client.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

const Page = listAnnouncements.schema.response[200];

describe('announcements', () => {
  let system: System;
  let course: TestCourse;
  let student: Person;
  let url: string;
  beforeAll(async () => {
    system = await startSystem({ worker: false, environment: mailEnvironment });
  });
  afterAll(async () => await system.stop());
  beforeEach(async () => {
    course = await makeCourse(system, { students: 1 });
    url = `/courses/${course.slug}/announcements`;
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    student = first;
  });

  const tell = async (title: string, more: Record<string, unknown> = {}) =>
    Announcement.parse((await course.ta.json(`POST ${url}`, { title, body: `About *${title}*.`, ...more })).body);
  const edit = async (id: number, change: Record<string, unknown>) =>
    Announcement.parse((await course.ta.json(`PATCH ${url}/${id}`, change)).body);
  const titles = async (client: Client, query = '') =>
    Page.parse((await client.call(`GET ${url}${query}`)).body).announcements.map(({ title }) => title);

  it('reach everybody in the course, newest first, with the text as it was written', async () => {
    await tell('First');
    await tell('Second', { body: '# Hello\n\n<b>raw</b>' });
    expect(await titles(student)).toEqual(['Second', 'First']);
    const [newest] = Page.parse((await student.call(`GET ${url}`)).body).announcements;
    expect(newest).toMatchObject({ body: '# Hello\n\n<b>raw</b>', editedAt: null });
    expect(newest?.publishedAt).not.toBeNull();
  });

  it('are seen by staff alone while they are drafts, and are published once', async () => {
    await tell('Published');
    const { id, publishedAt } = await tell('Draft', { published: false });
    expect(publishedAt).toBeNull();
    expect(await titles(student)).toEqual(['Published']);
    expect(await titles(course.instructor)).toEqual(['Draft', 'Published']);

    const corrected = await edit(id, { title: 'Corrected' });
    expect(corrected).toMatchObject({ publishedAt: null, editedAt: null });
    const published = await edit(id, { published: true });
    expect(published.publishedAt).not.toBeNull();
    expect(await titles(student)).toEqual(['Corrected', 'Published']);
    expect(await edit(id, { published: true })).toEqual(published);

    expect(await edit(id, { published: false })).toMatchObject({ publishedAt: null });
    expect(await titles(student)).toEqual(['Published']);
  });

  it('say that they were edited, once students could see them', async () => {
    const { id, body, publishedAt } = await tell('News');
    expect(await edit(id, { body })).toMatchObject({ editedAt: null });
    const changed = await edit(id, { body: 'Something else' });
    expect(changed).toMatchObject({ title: 'News', publishedAt });
    expect(changed.editedAt).not.toBeNull();
  });

  it('come page by page, each once', async () => {
    for (const title of ['1', '2', '3', '4', '5']) await tell(title);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await student.call(`GET ${url}?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      const page = Page.parse(answer.body);
      seen.push(...page.announcements.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  it('are mailed to everybody in the course, once, when that is wanted', async () => {
    const gone = await course.add('student');
    await course.instructor.call(`DELETE /courses/${course.slug}/members/${gone.id}`);
    const mailed = async () =>
      (await system.db.prisma.mail.findMany({ where: { subject: { startsWith: 'A course: News' } } }))
        .filter(({ text }) => text.includes(`/courses/${course.slug}#announcement-`))
        .map(({ recipient }) => recipient)
        .toSorted();
    const everybody = [student.email, course.ta.email, course.instructor.email].toSorted();

    const { id, mailedAt } = await tell('News');
    expect(mailedAt).toBeNull();
    expect(await mailed()).toEqual([]);
    const [one, other] = await Promise.all([edit(id, { mail: true }), edit(id, { mail: true })]);
    expect(one.mailedAt).not.toBeNull();
    expect(other.mailedAt).toBe(one.mailedAt);
    expect(await mailed()).toEqual(everybody);
    await edit(id, { title: 'News again', mail: true });
    expect(await mailed()).toEqual(everybody);

    const draft = await course.ta.json(`POST ${url}`, { title: 'News 2', body: '', published: false, mail: true });
    expect(draft.problem()).toMatchObject({ status: 400, type: 'validation-failed' });
    await tell('News 3', { mail: true });
    expect(await mailed()).toHaveLength(6);
  });

  it('are a course’s own: another’s is not found, whatever its id', async () => {
    const { id } = await tell('Ours');
    const other = await makeCourse(system, { students: 0 });
    for (const call of [
      `PATCH /courses/${other.slug}/announcements/${id}`,
      `DELETE /courses/${other.slug}/announcements/${id}`,
    ])
      expect((await other.instructor.json(call, { title: 'Theirs' })).status, call).toBe(404);
    expect(await titles(student)).toEqual(['Ours']);
  });

  it('can be taken away; what they said stays in the log', async () => {
    const { id } = await tell('A slip');
    expect((await course.ta.call(`DELETE ${url}/${id}`)).status).toBe(204);
    expect(await titles(course.instructor)).toEqual([]);
    expect((await course.ta.call(`DELETE ${url}/${id}`)).status).toBe(404);
    const log = await course.instructor.call(`GET /courses/${course.slug}/audit?action=deleteAnnouncement`);
    expect(log.text).toContain('About *A slip*.');
  });

  it('need a title, and take nothing that is not theirs', async () => {
    for (const body of [{ title: ' ', body: '' }, { title: 'x' }, { title: 'x', body: '', publishedAt: null }])
      expect((await course.ta.json(`POST ${url}`, body)).status).toBe(400);
    expect(await titles(course.instructor)).toEqual([]);
  });
});
