import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { once } from 'node:events';
import { get, request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handleErrors } from '../../api/errors.ts';
import { openStream, type EventStream } from '../../api/live/sse.ts';

describe('a live stream', () => {
  let app: FastifyInstance;
  let url: string;
  let opened: { stream: EventStream; reply: FastifyReply }[];
  let gate: Promise<unknown> | undefined;
  let ended: number;

  beforeEach(async () => {
    [opened, gate, ended] = [[], undefined, 0];
    app = Fastify({ forceCloseConnections: true });
    handleErrors(app);
    app.decorateRequest('principal', undefined);
    app.get('/', async (incoming, reply) => {
      incoming.principal = { userId: 7, email: '', name: '', isAdmin: false, roles: [], viewer: null };
      await gate;
      const stream = openStream(incoming, reply);
      stream.onEnd(() => ended++);
      opened.push({ stream, reply });
      return await reply;
    });
    url = await app.listen({ port: 0 });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await app.close();
  });

  it('is over at once where its reader has gone before it began', async () => {
    const opening = Promise.withResolvers<unknown>();
    gate = opening.promise;
    const reader = request(url).end();
    reader.on('error', () => undefined);
    await once(app.server, 'request');
    reader.destroy();
    await expect.poll(() => app.server.listening && connections(app)).toBe(0);
    opening.resolve(undefined);
    await expect.poll(() => opened.length).toBe(1);
    await expect.poll(() => ended).toBe(1);
  });

  it('that has ended but is not read to its end keeps silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const response = await read();
    response.pause();
    const { stream, reply } = await first();
    const data = 'x'.repeat(200_000);
    for (let i = 0; reply.raw.writableLength === 0 && i < 200; i++) {
      stream.send({ name: 'a', id: '1', data });
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.end();
    expect([reply.raw.writableEnded, reply.raw.closed]).toEqual([true, false]);
    const failed = vi.fn<(error: Error) => void>();
    reply.raw.on('error', failed);
    // The time for a sign of life, which would break the whole process.
    vi.advanceTimersByTime(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).not.toHaveBeenCalled();
    response.destroy();
  });

  it('is one of a few of each person', async () => {
    const readers: IncomingMessage[] = [];
    for (let i = 0; i < 30; i++) readers.push(await read());
    expect(readers.map(({ statusCode }) => statusCode)).toEqual(readers.map(() => 200));
    expect((await read()).statusCode).toBe(429);
    readers[0]?.destroy();
    await expect.poll(() => ended).toBe(1);
    expect((await read()).statusCode).toBe(200);
  });

  it('answers a HEAD at once', async () => {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5_000) });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
  });

  async function read(): Promise<IncomingMessage> {
    const response = Promise.withResolvers<IncomingMessage>();
    get(url, { agent: false }, response.resolve).on('error', response.reject);
    const got = await response.promise;
    got.on('error', () => undefined);
    return got;
  }

  async function first() {
    await expect.poll(() => opened.length).toBeGreaterThan(0);
    const [found] = opened;
    if (found === undefined) throw new Error('no stream was opened');
    return found;
  }
});

function connections(app: FastifyInstance): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
