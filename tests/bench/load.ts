import { connect } from 'node:net';

export interface Load {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  readonly status: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** One for each request, in milliseconds. */
  readonly latencies: readonly number[];
  readonly bodyBytes: number;
}

/**
 * Sends the same GET over and over on each connection, the next one as soon as the answer to the last is there. By hand rather than with autocannon,
 * which parses each body in JavaScript and so is itself the limit for answers of 40 kB.
 * @throws where an answer has another status
 */
export async function load({ url, headers = {}, connections, seconds, status }: Load): Promise<LoadResult> {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const latencies: number[] = [];
  let bodyBytes = 0;
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      await new Promise<void>((resolve, reject) => {
        let sentMs = 0;
        let missing = 0;
        const received = (bytes: number) => {
          if (missing === 0) {
            const head = readHead(buffer.subarray(0, bytes));
            if (head.status !== status) {
              reject(new Error(`${url} answered ${buffer.toString('utf8', 0, Math.min(bytes, 500))}`));
              return false;
            }
            bodyBytes = head.bodyBytes;
            missing = head.totalBytes;
          }
          missing -= bytes;
          if (missing > 0) return true;
          const nowMs = performance.now();
          latencies.push(nowMs - sentMs);
          if (nowMs < endMs) send();
          else {
            socket.destroy();
            resolve();
          }
          return true;
        };
        // One buffer for all that comes: a new one of 64 KiB for each answer would make the client's garbage collector the limit.
        const buffer = Buffer.alloc(64 << 10);
        const onread = { buffer, callback: received };
        const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
        const send = () => {
          sentMs = performance.now();
          socket.write(request);
        };
        socket.once('connect', send).once('error', reject);
        socket.once('close', () => reject(new Error(`${url} closed a connection`)));
      });
    }),
  );
  return { perSecond: latencies.length / ((performance.now() - startedMs) / 1000), latencies, bodyBytes };
}

/** Of an answer's first chunk, which holds the whole head. */
function readHead(chunk: Buffer): { status: number; bodyBytes: number; totalBytes: number } {
  const end = chunk.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('an answer whose head comes in pieces');
  const head = chunk.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  // A 304 has none, whatever length it names.
  const bodyBytes = status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return { status, bodyBytes, totalBytes: end + 4 + bodyBytes };
}
