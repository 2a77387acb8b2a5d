import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { kaggleCall } from '../support/kaggle.ts';
import { makeCourse, makeSession, type Person, type TestCourse } from '../support/people.ts';
import { sendRaw } from '../support/raw-http.ts';
import { startSystem, type System } from '../support/system.ts';

const service = 'competitions.CompetitionApiService';

describe('the kaggle command’s protocol, byte for byte', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let slug: string;
  const train = Buffer.from(Array.from({ length: 200_000 }, (_, i) => `row ${i}\n`).join(''));

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 1 });
    const [first] = course.students;
    if (!first) throw new Error('a student is needed');
    ada = first;
    slug = await makeCompetition(course);
    const added = await course.instructor.call(`POST /competitions/${slug}/files?filename=train.csv`, {
      body: new Uint8Array(train),
    });
    expect(added.status).toBe(201);
  });
  afterAll(async () => await system.stop());

  const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

  /** A remote call as the client writes it through a proxy: in absolute form, with an empty User-Agent. */
  async function remote(call: string, body: string, authorization?: string, base = '/api/v1') {
    return await sendRaw(
      system.url,
      [
        `POST http://localhost${base}/${call} HTTP/1.1`,
        'Host: localhost',
        'User-Agent: ',
        'Accept-Encoding: gzip, deflate',
        'Accept: application/json',
        'Connection: keep-alive',
        'Content-Type: application/json',
        ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }
  const asAda = async (method: string, body: unknown = {}) =>
    await remote(`${service}/${method}`, JSON.stringify(body), `Bearer ${ada.token}`);

  async function get(path: string, headers: readonly string[] = []) {
    return await sendRaw(
      system.url,
      [`GET http://localhost${path} HTTP/1.1`, 'Host: localhost', 'User-Agent: ', ...headers, '', ''].join('\r\n'),
    );
  }

  it('takes the legacy key and a token, in absolute form, with and without /api', async () => {
    for (const authorization of [`Bearer ${ada.token}`, basic(ada.email, ada.token)]) {
      for (const base of ['/api/v1', '/v1']) {
        const answer = await remote(`${service}/ListCompetitions`, '{}', authorization, base);
        expect(answer.status, answer.body.toString()).toBe(200);
        expect(answer.json()).toMatchObject({
          competitions: [{ ref: `http://localhost/competitions/${slug}`, title: 'A competition' }],
          nextPageToken: '',
        });
        expect(answer.body.toString()).not.toContain('null');
      }
    }
    const hello = await remote('api.v1.DiagnosticsService/Hello', '{}', basic(ada.email.toUpperCase(), ada.token));
    expect(hello.json()).toEqual({ userName: ada.email });
  });

  it('answers 401 to bad credentials, and only to those', async () => {
    const wrong = [
      undefined,
      'Bearer nonsense',
      basic(ada.email, 'nonsense'),
      basic('somebody-else@example.edu', ada.token),
      basic('', ''),
      'Basic %%%',
      'Digest x',
    ];
    for (const authorization of wrong) {
      const answer = await remote(`${service}/ListCompetitions`, '{}', authorization);
      expect(answer.status, authorization).toBe(401);
      expect(answer.json()).toEqual({ code: 401, message: expect.stringContaining('Tokens page') });
    }
    const cookie = await fetch(`${system.url}/api/v1/${service}/ListCompetitions`, {
      method: 'POST',
      body: '{}',
      headers: { cookie: await makeSession(system, ada), 'content-type': 'application/json' },
    });
    expect(cookie.status).toBe(401);
  });

  it('introspects: a bad token is 200 and inactive, whatever the request was signed with', async () => {
    const introspect = async (token: string) =>
      await remote('security.OAuthService/IntrospectToken', JSON.stringify({ token }), `Bearer ${token}`);
    const bad = await introspect('nonsense');
    expect([bad.status, bad.json()]).toEqual([200, { active: false }]);
    const good = await introspect(ada.token);
    expect(good.json()).toEqual({
      active: true,
      username: ada.email,
      userId: ada.id,
      scope: 'resources.admin:*',
      exp: expect.any(Number),
    });
    const session = (await makeSession(system, ada)).split('=')[1] ?? '';
    expect((await introspect(session)).json()).toEqual({ active: false });
  });

  it('fails with a numeric code and a sentence', async () => {
    const unknown = await asAda('PublishCompetition');
    expect(unknown.json()).toEqual({
      code: 404,
      message: `${service}/PublishCompetition is not supported by this server`,
    });
    const elsewhere = await remote('blobs.BlobApiService/StartBlobUpload', '{}', undefined, '/v1');
    expect([elsewhere.status, elsewhere.json()]).toEqual([
      404,
      { code: 404, message: 'blobs.BlobApiService/StartBlobUpload is not supported by this server' },
    ]);
    const code = await asAda('CreateCodeSubmission', { competitionName: slug, kernelSlug: 'x' });
    expect(code.json()).toEqual({ code: 400, message: expect.stringContaining('main.ipynb') });
    const nowhere = await asAda('GetCompetition', { competitionName: 'no-such-thing' });
    expect(nowhere.json()).toEqual({ code: 404, message: expect.stringContaining('"no-such-thing"') });
    for (const body of ['{', '[]', '7', '{"competitionName":7}', '{"competitionName":"a\\u0000b"}']) {
      const broken = await remote(`${service}/GetCompetition`, body, `Bearer ${ada.token}`);
      expect([broken.status, broken.json()]).toEqual([400, { code: 400, message: expect.any(String) }]);
    }
  });

  it('knows a competition by its slug, by its URL, and not without', async () => {
    for (const competitionName of [slug, `http://localhost/competitions/${slug}`, `https://x.edu/c/${slug}/?a=b`])
      expect((await asAda('GetCompetition', { competitionName })).json()).toMatchObject({ title: 'A competition' });
    expect((await asAda('GetCompetition')).json()).toEqual({ code: 400, message: expect.stringContaining('-c NAME') });
  });

  it('tells who is not enrolled, and nothing of what is not published', async () => {
    const elsewhere = await makeCourse(system, { students: 0 });
    const other = await makeCompetition(elsewhere);
    const draft = await makeCompetition(elsewhere, { published: false });
    const forbidden = await asAda('GetCompetition', { competitionName: other });
    expect(forbidden.json()).toEqual({ code: 403, message: expect.stringContaining('not enrolled') });
    const hidden = await asAda('GetCompetition', { competitionName: draft });
    expect(hidden.status).toBe(404);
  });

  it('lists files by pages, and leads to one by a relative link that ends in its name', async () => {
    const page = await asAda('ListDataFiles', { competitionName: slug, pageSize: 1 });
    expect(page.json()).toMatchObject({ files: [{ name: 'test.csv', ref: '' }], nextPageToken: '1' });
    const next = await asAda('ListDataFiles', { competitionName: slug, pageSize: 1, pageToken: '1' });
    expect(next.json()).toMatchObject({ files: [{ name: 'train.csv', totalBytes: train.length }], nextPageToken: '' });
    const leads = await asAda('DownloadDataFile', { competitionName: slug, fileName: 'train.csv' });
    expect(leads.status).toBe(302);
    expect(leads.headers['location']).toMatch(/^\/api\/v1\/kaggle\/.*\/train\.csv$/);
    const missing = await asAda('DownloadDataFile', { competitionName: slug, fileName: 'solution.csv' });
    expect(missing.json()).toEqual({ code: 404, message: expect.stringContaining('test.csv, train.csv') });
  });

  const link = async (method: string, body: object) =>
    (await asAda(method, { competitionName: slug, ...body })).headers['location'] ?? '';

  it('sends a file without credentials, never compressed, whole and in ranges', async () => {
    const path = await link('DownloadDataFile', { fileName: 'train.csv' });
    const whole = await get(path, ['Accept-Encoding: gzip, deflate, br']);
    expect(whole.status).toBe(200);
    expect(whole.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(train.length),
      'accept-ranges': 'bytes',
      'last-modified': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/),
    });
    expect(whole.headers['content-encoding']).toBeUndefined();
    expect(whole.body.equals(train)).toBe(true);
    const rest = await get(path, [`Range: bytes=1000000-`]);
    expect(rest.status).toBe(206);
    expect(rest.headers['content-range']).toBe(`bytes 1000000-${train.length - 1}/${train.length}`);
    expect(Buffer.concat([train.subarray(0, 1_000_000), rest.body]).equals(train)).toBe(true);
    expect((await get(path, [`Range: bytes=${train.length}-`])).status).toBe(416);
  });

  it('makes a link that nobody can change or use when its token is revoked', async () => {
    const path = await link('DownloadDataFile', { fileName: 'train.csv' });
    for (const wrong of [
      path.replace('train.csv', 'test.csv'),
      path.replace('/file/', '/zip/'),
      path.replace(/\/file\/(\d+)\.(\d+)/, (_all, id: string, until: string) => `/file/${id}.${Number(until) + 1}`),
      path.replace(/\/file\/[^/]+/, '/file/x'),
    ])
      expect((await get(wrong)).json()).toEqual({ code: 404, message: expect.stringContaining('not valid') });
    const eve = await course.add('student');
    const answer = await kaggleCall(eve, 'DownloadDataFile', { competitionName: slug, fileName: 'train.csv' });
    const hers = answer.headers.get('location') ?? '';
    expect((await get(hers)).status).toBe(200);
    const [token] = await system.db.prisma.apiToken.findMany({ where: { userId: eve.id } });
    await eve.call(`DELETE /tokens/${token?.id ?? 0}`);
    expect((await get(hers)).status).toBe(404);
  });

  it('survives a client that hangs up in mid-download', async () => {
    const path = await link('DownloadDataFiles', {});
    const { hostname, port } = new URL(system.url);
    for (let i = 0; i < 5; i++) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET http://localhost${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
    expect((await get(path)).status).toBe(200);
  });

  it('sends all files as one zip, of which any range is what it is in the whole', async () => {
    const path = await link('DownloadDataFiles', {});
    expect(path).toMatch(new RegExp(`/${slug}\\.zip$`));
    const { body, headers } = await get(path);
    expect(headers['content-length']).toBe(String(body.length));
    const zip = await fromBufferPromise(body);
    const found = new Map<string, Buffer>();
    for await (const entry of zip.eachEntry()) {
      const parts: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) parts.push(Buffer.from(chunk));
      found.set(entry.fileName, Buffer.concat(parts));
    }
    expect([...found.keys()]).toEqual(['test.csv', 'train.csv']);
    expect(found.get('train.csv')?.equals(train)).toBe(true);
    for (const [start, end] of [
      [0, 0],
      [10, 60],
      [30, body.length - 20],
      [body.length - 1, body.length - 1],
      [70, 1_500_000],
    ] as const) {
      const part = await get(path, [`Range: bytes=${start}-${end}`]);
      expect(part.status).toBe(206);
      expect(part.body.equals(body.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
    }
  });

  it('gives a file that was replaced another age', async () => {
    const path = await link('DownloadDataFile', { fileName: 'test.csv' });
    await system.db.prisma.dataFile.updateMany({ where: { name: 'test.csv' }, data: { createdAt: new Date(0) } });
    await course.instructor.upload(`POST /competitions/${slug}/files`, 'id,x\nb,2\n', 'test.csv');
    expect(new Date((await get(path)).headers['last-modified'] ?? 0).getTime()).toBeGreaterThan(Date.now() - hourMs);
  });

  it('opens nothing before the competition opens', async () => {
    const [opensAt, dueAt] = [hourMs, 2 * hourMs].map((inMs) => new Date(Date.now() + inMs).toISOString());
    const later = await makeCompetition(course, { settings: { opensAt, dueAt } });
    for (const method of ['ListDataFiles', 'DownloadDataFiles', 'StartSubmissionUpload']) {
      const answer = await asAda(method, { competitionName: later });
      expect(answer.json()).toEqual({ code: 400, message: expect.stringMatching(/open/) });
    }
  });
});
