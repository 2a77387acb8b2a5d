import type { FastifyReply, FastifyRequest } from 'fastify';

/** One server-sent-events response (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** What the client had when its connection broke. */
  readonly lastEventId: string | undefined;
  send(event: { readonly name: string; readonly id: string; readonly data: unknown }): void;
  end(): void;
  /** Called once when the stream is over, whoever ended it. */
  onEnd(listener: () => void): void;
}

/** Proxies cut connections that are silent for a minute or so. */
const heartbeatMs = 15_000;
/** What a client that went to sleep may leave unread; it reconnects and resumes. */
const maxUnreadBytes = 1 << 20;

const open = new Set<EventStream>();

/** Ends all streams, so that a server can stop; clients reconnect elsewhere. */
export function endAllStreams(): void {
  for (const stream of open) stream.end();
}

/** Takes the reply over from Fastify and keeps it open. */
export function openStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => raw.write(': \n\n'), heartbeatMs);
  const lastEventId = request.headers['last-event-id'];
  const stream: EventStream = {
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    send: ({ name, id, data }) => {
      if (raw.writableEnded) return;
      raw.write(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      if (raw.writableLength > maxUnreadBytes) raw.destroy();
    },
    end: () => raw.end(),
    onEnd: (listener) => raw.once('close', listener),
  };
  open.add(stream);
  raw.once('close', () => {
    clearInterval(heartbeat);
    open.delete(stream);
  });
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
