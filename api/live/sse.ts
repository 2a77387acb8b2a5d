import type { FastifyReply, FastifyRequest } from 'fastify';
import { principalOf } from '../auth/guard.ts';
import { createSlots } from '../http/slots.ts';

/** One server-sent-events response (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** What the client had when its connection broke. */
  readonly lastEventId: string | undefined;
  send(event: { readonly name: string; readonly id: string; readonly data: unknown }): void;
  /** Its reader has not taken what was sent last: what can wait should. */
  isFull(): boolean;
  end(): void;
  /** Called once when the stream is over, whoever ended it. */
  onEnd(listener: () => void): void;
}

/** Proxies cut connections that are silent for a minute or so. */
const heartbeatMs = 15_000;
/** What a client that went to sleep may leave unread; it reconnects and resumes. */
const maxUnreadBytes = 1 << 20;
const fullBytes = 128 * 1024;

/** Of one person, in one process: a browser opens one a page, and every stream costs queries. */
const maxStreamsEach = 30;

const open = new Set<EventStream>();
const readers = createSlots<number>(maxStreamsEach, 'live streams');

/** Ends all streams, so that a server can stop; clients reconnect elsewhere. */
export function endAllStreams(): void {
  for (const stream of open) stream.end();
}

/**
 * Takes the reply over from Fastify and keeps it open. A reader may have gone already: the stream is over then before it began.
 * @throws AppError too-many-requests where the person has very many open
 */
export function openStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  const leave = readers.take(principalOf(request).userId);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  const onEnd = (listener: () => void) => {
    if (raw.closed) listener();
    else raw.once('close', listener);
  };
  const write = (text: string) => {
    // Writing after the end would be an error that nobody catches.
    if (!raw.writableEnded && !raw.destroyed) raw.write(text);
  };
  const beat = () => {
    // Ended some time ago, and its reader has not taken the rest.
    if (raw.writableEnded) raw.destroy();
    else write(': \n\n');
  };
  const lastEventId = request.headers['last-event-id'];
  const stream: EventStream = {
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    send: ({ name, id, data }) => {
      write(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      if (raw.writableLength > maxUnreadBytes) raw.destroy();
    },
    isFull: () => raw.writableLength > fullBytes && !raw.closed,
    end: () => raw.end(),
    onEnd,
  };
  open.add(stream);
  const heartbeat = setInterval(beat, heartbeatMs);
  onEnd(() => {
    clearInterval(heartbeat);
    open.delete(stream);
    leave();
  });
  write('retry: 2000\n\n');
  if (request.method === 'HEAD') stream.end();
  return stream;
}

/** What the server's hooks have set, which a hijacked reply would lose. */
function headersOf(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}
