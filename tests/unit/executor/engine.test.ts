import { createServer, type RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { EngineError, openEngine } from '../../../worker/executor/docker.ts';

/** A daemon that answers as it is told. */
async function daemon(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `tcp://127.0.0.1:${address.port}`;
}

const soon = { shortMs: 100, longMs: 100 };

it.each([
  ['that never answers', () => {}],
  ['that answers by half', (_request, response) => response.writeHead(200, { 'content-length': 100 }).write('{')],
] satisfies [string, RequestListener][])('waits for no daemon %s', async (_what, listener) => {
  const engine = openEngine(await daemon(listener), soon);
  const calls = [
    engine.ping(),
    engine.host(),
    engine.create('name', {}),
    engine.start('id'),
    engine.rename('id', 'name'),
    engine.wait('id', 100),
    engine.inspect('id'),
    engine.kill('id'),
    engine.remove('id'),
    engine.usage('id'),
    engine.listContainers({ label: 'x' }),
    engine.listVolumes('x'),
  ];
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(/no answer within 100 ms/) },
    });
  }
});

it('ends a stream that stalls', async () => {
  const host = await daemon((_request, response) => {
    response.writeHead(200).write('some bytes');
  });
  const stream = await openEngine(host, soon).getArchive('id', '/x', 150);
  await expect(stream?.toArray()).rejects.toThrow(/cut off|no whole archive/);
});

it('tells what the daemon refuses, and takes what is not there for an answer', async () => {
  const host = await daemon((request, response) => {
    const status = request.url?.includes('taken') ? 409 : 404;
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"it says why"}');
  });
  const engine = openEngine(host, soon);
  const refused = await engine.rename('id', 'taken').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EngineError);
  expect(refused).toMatchObject({ status: 409, message: expect.stringMatching(/it says why/) });
  expect(await engine.inspect('id')).toBeUndefined();
  expect(await engine.getArchive('id', '/x', 1000)).toBeUndefined();
  expect(await engine.stat('id', '/x')).toBeUndefined();
  expect(await engine.kill('id')).toBe(false);
  await engine.remove('id');
  expect(await engine.removeVolume('taken')).toBe(false);
  expect(await engine.removeVolume('gone')).toBe(true);
});

it('says what is no address', () => {
  expect(() => openEngine('ftp://x')).toThrow(/no address of a Docker daemon/);
});
