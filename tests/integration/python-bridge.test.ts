import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeCertificate } from '../support/certificate.ts';
import { clientFile, oldestPython, runPython, systemPython, type Python } from '../support/python.ts';

const pythons = [systemPython(), oldestPython()].filter((each) => each !== undefined);
const token = 'topk_the-real-token-0123456789';
const service = '/api/v1/competitions.CompetitionApiService';

interface Asked {
  readonly call: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly bytes: number;
}

const Seen = z.looseObject({ environment: z.record(z.string(), z.string()) });

describe.skipIf(pythons.length === 0)('the bridge: the kaggle command against a server of ours', () => {
  let server: Server;
  let url: string;
  let folder: string;
  let asked: Asked[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'topk-bridge-'));
    const { cert, key } = makeCertificate();
    await writeFile(join(folder, 'cert.pem'), cert);
    // What the protocol’s server answers; the forwarder is what is tested here.
    server = createServer({ cert, key }, (request, reply) => {
      answer(request, reply).catch((error: unknown) => reply.destroy(error instanceof Error ? error : undefined));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `https://localhost:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { method, headers, url: path = '' } = request;
    const body = await buffer(request);
    const { host, authorization } = headers;
    asked.push({ call: `${method} ${path}`, host, authorization, type: headers['content-type'], bytes: body.length });
    const json = (status: number, content: unknown) =>
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (path === '/api/v1/me') json(200, { id: 1, name: 'Ada', email: 'ada@example.edu', courses: [] });
    else if (path.endsWith('/IntrospectToken')) json(200, { active: body.toString().includes(`"${token}"`) });
    else if (path.endsWith('/ListCompetitions')) json(200, { competitions: [], nextPageToken: '' });
    else if (path.endsWith('/StartSubmissionUpload'))
      json(200, { token: 't', createUrl: 'http://topk-behind-a-proxy:3000/upload/abc?x=1' });
    else if (path.endsWith('/DownloadDataFile')) reply.writeHead(302, { location: '/files/data.bin' }).end();
    else if (path.startsWith('/upload/')) reply.writeHead(201).end();
    else if (path === '/files/data.bin' && headers.range !== undefined) reply.writeHead(206).end('0123456789');
    else if (path === '/files/data.bin')
      reply.writeHead(200, { 'content-length': 5_000_000 }).end(Buffer.alloc(5_000_000));
    else json(404, { code: 404, message: 'Competition not found' });
  }

  /** With a program called kaggle on the path. */
  const bridge = async (which: Python, more: Record<string, string> = {}) => {
    asked = [];
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    const program = await readFile(join(import.meta.dirname, '../support/fake-kaggle.py'), 'utf8');
    await writeFile(join(bin, 'kaggle'), `#!${which.program}\n${program}`);
    await chmod(join(bin, 'kaggle'), 0o755);
    const env = {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      TOPK_URL: url,
      TOPK_TOKEN: token,
      SSL_CERT_FILE: join(folder, 'cert.pem'),
      KAGGLE_USERNAME: 'somebody',
      no_proxy: 'localhost',
      ...more,
    };
    return await runPython(which, [clientFile, 'kaggle', 'competitions', 'submit', '-c', 'digits', '-f', 'p.csv'], {
      cwd: folder,
      env,
    });
  };

  it.each(pythons.map((each) => [each.name, each] as const))(
    'passes each request on over TLS, with the token that the command never sees: %s',
    async (_name, which) => {
      const { code, stdout, stderr } = await bridge(which);
      expect([code, stderr]).toEqual([3, '']);
      expect(stdout).not.toContain(token);
      const { environment, ...seen } = Seen.parse(JSON.parse(stdout));
      expect(environment['KAGGLE_API_ENVIRONMENT']).toBe('LOCALHOST');
      expect(environment['http_proxy']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(Object.keys(environment)).not.toContain('no_proxy');
      expect(Object.keys(environment)).not.toContain('KAGGLE_USERNAME');
      const empty = [200, { competitions: [], nextPageToken: '' }];
      expect(seen).toEqual({
        arguments: ['competitions', 'submit', '-c', 'digits', '-f', 'p.csv'],
        introspect: [200, { active: true }],
        list: empty,
        legacy: empty,
        start: [200, { token: 't', createUrl: 'http://localhost/upload/abc?x=1' }],
        put: [201, 201],
        empty: 201,
        chunked: 201,
        download: [200, 'http://localhost/files/data.bin', 5_000_000],
        range: [206],
        error: [404, { code: 404, message: 'Competition not found' }],
        stranger: [401, { code: 401, message: expect.stringContaining('only the command') }],
        elsewhere: 403,
      });
      const host = url.replace('https://', '');
      expect(asked.every((each) => each.host === host)).toBe(true);
      const api = asked.filter(({ call }) => call.includes('/api/v1/'));
      expect(new Set(api.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
      const uploads = asked.filter(({ call }) => call === 'PUT /upload/abc?x=1');
      expect(uploads.map(({ bytes }) => bytes)).toEqual([3_000_000, 3_000_000, 0, 100_001]);
      expect(uploads.every(({ authorization }) => authorization === undefined)).toBe(true);
      expect(
        asked.filter(({ call }) => call.endsWith('/ListCompetitions')),
        'not the stranger’s',
      ).toHaveLength(2);
      expect(asked.some(({ call }) => call === `POST ${service}/StartSubmissionUpload`)).toBe(true);
    },
  );

  it('speaks to no server whose certificate is not trusted, nor unencrypted to another machine', async () => {
    const [which] = pythons;
    if (!which) throw new Error('there is no Python');
    const untrusted = await bridge(which, { SSL_CERT_FILE: '/etc/hostname' });
    expect(untrusted).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^topk: The certificate of .* is not trusted/),
    });
    const plain = await bridge(which, { TOPK_URL: 'http://topk.example.edu' });
    expect(plain).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('not encrypted') });
    expect(asked).toEqual([]);
    expect(untrusted.stderr + plain.stderr).not.toContain(token);
  });

  it('says how to install the command where it is missing', async () => {
    const [which] = pythons;
    if (!which) throw new Error('there is no Python');
    const { code, stderr } = await bridge(which, { PATH: '/nowhere' });
    expect([code, stderr]).toEqual([
      1,
      'topk: The kaggle command is not installed here. Install it with: pip install kaggle\n',
    ]);
  });
});
