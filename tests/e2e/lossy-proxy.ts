import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface LossyProxy {
  readonly url: string;
  /** How many answers were lost. */
  lost(): number;
  stop(): Promise<void>;
}

/** A proxy whose connection breaks once: after the server took the first request that matches, and before its answer arrives. */
export async function startLossyProxy(
  target: string,
  matches: (what: { method: string; url: string }) => boolean,
): Promise<LossyProxy> {
  let lost = 0;
  const forward = async (incoming: IncomingMessage): Promise<IncomingMessage> => {
    const { method, url, headers } = incoming;
    const outgoing = request(new URL(url ?? '/', target), { method, headers });
    const answered = once(outgoing, 'response');
    await pipeline(incoming, outgoing);
    const [answer] = await answered;
    return answer;
  };
  const relay = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = incoming;
    const answer = await forward(incoming);
    if (lost === 0 && matches({ method, url })) {
      lost += 1;
      answer.resume();
      await once(answer, 'end');
      outgoing.destroy();
    } else {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, outgoing);
    }
  };
  const server = createServer((incoming, outgoing) => {
    // Streams end when a page is closed, mid-answer.
    relay(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    lost: () => lost,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
