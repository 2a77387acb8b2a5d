import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, endpoints } from '../support/endpoints.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('bad input', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem({ environment: { MAX_UPLOAD_BYTES: '2000000' } });
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
    slug = await makeCompetition(course, { settings: { maxFileBytes: 1000 } });
  });
  afterAll(async () => await system.stop());

  const count = async () => (await system.db.pool.query('select count(*)::int as n from submission')).rows[0]?.n;

  it('never breaks the server, on any endpoint', async () => {
    const parameters = [
      { slug: '..%2f..%2fetc', course: '%00', name: '..%2f', id: '-1', attempt: '-1', code: '%00', token: '%00' },
      {
        slug: "'; drop table team; --",
        course: 'a'.repeat(300),
        name: '%ff%fe',
        id: '99999999999999',
        attempt: '1e99',
        code: 'a'.repeat(200),
        token: '%ff',
      },
      { slug, course: course.slug, name: 'x'.repeat(250), id: 'NaN', attempt: 'NaN', code: "'", token: ' ' },
      { slug, course: course.slug, name: 'test.csv', id: 1, attempt: 1, code: 'X', token: 'x' },
      { slug, course: course.slug, name: 'test.csv', id: 1, attempt: '99999999999', code: 'X', token: 'x' },
    ];
    const bodies: RequestInit[] = [
      { body: '{', headers: { 'content-type': 'application/json' } },
      { body: '[]', headers: { 'content-type': 'application/json' } },
      { body: '{"__proto__":{"a":1},"title":{},"name":"\\u0000"}', headers: { 'content-type': 'application/json' } },
      { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=' } },
      { body: '--b\r\ngarbage', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      { body: '--b--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      { body: Buffer.from([0, 255, 254]), headers: { 'content-type': 'text/html; charset=nonsense' } },
    ];
    let calls = 0;
    for (const endpoint of endpoints) {
      if (endpoint.url.endsWith('/events') || endpoint.schema.operationId === 'removeMember') continue;
      for (const parameter of parameters) {
        for (const init of endpoint.method === 'GET' ? [{}] : bodies) {
          for (const query of ['', '?limit=-1&cursor=x&board=secret&phase=%00&filename=%00&name=%00']) {
            const answer = await course.instructor.call(
              callOf(endpoint, parameter).replace('/api/v1', '') + query,
              init,
            );
            calls++;
            expect(
              answer.status,
              `${endpoint.method} ${endpoint.url} ${JSON.stringify(parameter)} ${JSON.stringify(init)} ${answer.text}`,
            ).toBeLessThan(500);
            expect(answer.text).not.toMatch(/node_modules|at .*\.ts:\d|prisma|syntax error/i);
            if (answer.status >= 400) expect(answer.problem().detail.length).toBeGreaterThan(5);
          }
        }
      }
    }
    expect(calls).toBeGreaterThan(300);
  });

  it('holds no U+0000, which Postgres could not store', async () => {
    const answers = [
      await ada.json('POST /tokens', { name: 'a\0b' }),
      await course.instructor.json('POST /competitions', {
        course: course.slug,
        slug: 'nul',
        title: 'a',
        classes: ['x', 'y\0'],
      }),
      await ada.call(`POST /competitions/${slug}/submissions?filename=p.csv&note=a%00b`, { body: tinyPredictions }),
    ];
    for (const answer of answers) expect(answer.problem()).toMatchObject({ type: 'validation-failed', status: 400 });
    const inForm = await ada.upload(`POST /competitions/${slug}/submissions`, tinyPredictions, 'p.csv', {
      note: 'a\0b',
    });
    expect(inForm.body).toMatchObject({ note: 'ab' });
  });

  it('is told apart: no file, an empty form, no name', async () => {
    const empty = await ada.call(`POST /competitions/${slug}/submissions`, { body: new FormData() });
    const unnamed = await ada.call(`POST /competitions/${slug}/submissions`, {
      body: 'id,label\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect([empty.problem().type, unnamed.problem().type]).toEqual(['file-missing', 'file-missing']);
    expect(unnamed.problem().detail).toContain('?filename=');
  });

  it('takes a part for a file by its type, and refuses a form with a boundary that none may have', async () => {
    const form = async (boundary: string, head: string) =>
      await ada.call(`POST /competitions/${slug}/submissions`, {
        body: `--${boundary}\r\n${head}\r\n\r\n${tinyPredictions}\r\n--${boundary}--\r\n`,
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      });
    const disposition = 'content-disposition: form-data; name="file"';
    const unnamed = await form('b', `${disposition}\r\ncontent-type: application/octet-stream`);
    expect(unnamed.body).toMatchObject({ file: { name: 'file', bytes: tinyPredictions.length } });
    expect((await form('b'.repeat(500), `${disposition}; filename="p.csv"`)).problem().type).toBe('validation-failed');
  });

  it('takes the raw bytes as well as a form', async () => {
    for (const type of [
      'text/csv',
      'application/octet-stream',
      'application/json',
      'application/x-www-form-urlencoded',
    ]) {
      const answer = await ada.call(`POST /competitions/${slug}/submissions?filename=p.csv&note=n`, {
        body: tinyPredictions,
        headers: { 'content-type': type },
      });
      expect(answer.status, answer.text).toBe(202);
      expect(answer.headers.get('location')).toMatch(/^\/api\/v1\/submissions\/\d+$/);
      expect(answer.body).toMatchObject({
        file: { name: 'p.csv', bytes: tinyPredictions.length },
        note: 'n',
        leftToday: null,
      });
    }
  });

  it('refuses a file over the limit while it is read, in both forms, with or without a length, and keeps nothing of it', async () => {
    const before = await count();
    const large = 'x'.repeat(1001);
    const asForm = await ada.upload(`POST /competitions/${slug}/submissions`, large);
    const asBytes = await ada.call(`POST /competitions/${slug}/submissions?filename=p.csv`, { body: large });
    const chunked = await ada.call(`POST /competitions/${slug}/submissions?filename=p.csv`, {
      body: new Blob([large]).stream(),
      duplex: 'half',
    });
    for (const answer of [asForm, asBytes, chunked]) {
      expect(answer.status, answer.text).toBe(413);
      expect(answer.problem().detail).toContain('1,000 bytes');
    }
    expect(await count()).toBe(before);
    expect((await ada.upload(`POST /competitions/${slug}/submissions`, 'x'.repeat(1000))).status).toBe(202);
  });

  it('takes nothing from an upload that is cut off', async () => {
    const before = await count();
    await new Promise<void>((resolve) => {
      const upload = request(`${system.url}/api/v1/competitions/${slug}/submissions?filename=p.csv`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ada.token}`, 'content-length': '500' },
      });
      upload.on('error', () => resolve());
      upload.write(tinyPredictions);
      setTimeout(() => upload.destroy(), 50);
      upload.on('close', () => resolve());
    });
    const truncated = await ada.call(`POST /competitions/${slug}/submissions`, {
      body: `--b\r\ncontent-disposition: form-data; name="file"; filename="p.csv"\r\n\r\n${tinyPredictions}`,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    expect(truncated.status).toBe(400);
    expect(await count()).toBe(before);
  });

  it('takes hostile file names for what they are: text', async () => {
    for (const name of [
      '../../../etc/passwd',
      '\u202Egnp.csv',
      '<img src=x onerror=alert(1)>.csv',
      '=cmd|calc.csv',
      '  ',
    ]) {
      const { file } = await ada.submit(slug, tinyPredictions, name);
      expect(file.name).not.toMatch(/[/\\\u202E]/);
      expect(file.name).not.toBe('');
    }
  });

  it('answers what does not exist with a problem, not a page, below /api', async () => {
    const answer = await ada.call('GET /no/such/thing');
    expect(answer.status).toBe(404);
    expect(answer.problem().type).toBe('not-found');
  });

  it('sends the headers that keep a browser safe', async () => {
    const { headers } = await ada.call('GET /me');
    expect(headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});
