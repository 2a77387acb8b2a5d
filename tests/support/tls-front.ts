import { once } from 'node:events';
import { createServer } from 'node:https';
import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { makeCertificate } from './certificate.ts';

interface TlsFront {
  readonly url: string;
  /** PEM: who trusts it trusts this front. */
  readonly cert: string;
  stop(): Promise<void>;
}

/** What stands before a server on the open internet: takes https for it, and passes on whom it was asked for. */
export async function startTlsFront(target: string): Promise<TlsFront> {
  const { cert, key } = makeCertificate();
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const relay = async () => {
      const { method, url, headers } = incoming;
      const passed = request(new URL(url ?? '/', target), {
        method,
        headers: { ...headers, 'x-forwarded-proto': 'https' },
      });
      const answered = once(passed, 'response');
      await pipeline(incoming, passed);
      const [answer]: IncomingMessage[] = await answered;
      if (!answer) throw new Error('there is no answer');
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, outgoing);
    };
    // Who hangs up in the middle of a file is no fault.
    relay().catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `https://localhost:${typeof address === 'object' ? address?.port : 0}`,
    cert,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
