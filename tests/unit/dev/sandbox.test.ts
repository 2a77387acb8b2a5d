import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openSandbox } from '../../../dev/sandbox.ts';

const unfit = `sha256:${'a'.repeat(64)}`;
const image = { Id: unfit, Size: 1, Config: { User: '', Labels: { 'topk.image': 'scorer', 'topk.inputs': 'older' } } };
const info = { ServerVersion: '26', OSType: 'linux', Runtimes: { runc: {} }, DefaultRuntime: 'runc' };

let dir: string;
let server: Server;
/** Path → answer; what is not there is answered with 404. */
let answers: Record<string, unknown>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'topk-sandbox-'));
  answers = { '/info': info };
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/\?.*/, '');
    if (path.endsWith('/export')) {
      const tar = pack();
      tar.finalize();
      tar.pipe(response);
      return;
    }
    const answer = request.method === 'DELETE' ? {} : answers[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'no such thing' }));
  });
  await new Promise<void>((resolve) => server.listen(join(dir, 'docker.sock'), resolve));
  vi.stubEnv('DOCKER_HOST', `unix://${join(dir, 'docker.sock')}`);
  vi.stubEnv('TOPK_CACHE_DIR', join(dir, 'cache'));
  vi.stubEnv('SANDBOX', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

/** What `npm start` says of the daemon's images. */
async function said(): Promise<string[]> {
  const lines: string[] = [];
  const sandbox = openSandbox(dir, (line) => lines.push(line));
  // Nothing is registered, so that nobody is asked there.
  await sandbox.serve('postgres://nobody@127.0.0.1:9/none');
  await sandbox.stop();
  return lines;
}

it('says once that no image is built', async () => {
  expect(await said()).toEqual([expect.stringMatching(/its images are not built yet.*npm run images/)]);
});

it('says which image is missing and which may not run code, each with its command', async () => {
  answers['/images/topk-scorer/json'] = image;
  answers[`/images/${unfit}/json`] = image;
  answers['/containers/create'] = { Id: 'c' };
  expect(await said()).toEqual([
    expect.stringMatching(
      /topk-scorer may not run code: its user is root.*run docker rmi topk-scorer && npm run images/,
    ),
    'the image topk-python is not built yet: run npm run images',
  ]);
});

it('tells the worker where Docker is, and nothing where no sandbox is wished', async () => {
  const { DOCKER_HOST } = process.env;
  expect(await openSandbox(dir, () => {}).env()).toMatchObject({
    DOCKER_HOST,
    WORKER_NAME: expect.stringMatching(/-[0-9a-f]{8}$/),
  });
  vi.stubEnv('SANDBOX', 'off');
  expect(await openSandbox(dir, () => {}).env()).toEqual({});
});
