import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** Speaks HTTP over connections that it keeps, with less work than `fetch`: it shares the cores with what it measures. */
export interface BenchClient {
  /** Sends a body and answers with what came back. @throws where the status is not the one wanted */
  post(url: string, token: string, body: readonly Buffer[], type: string, status: number): Promise<unknown>;
  /** Calls `onEvent` with the data of each server-sent event; resolves when the stream ends. */
  events(url: string, token: string, onEvent: (data: string) => void): Promise<void>;
  close(): void;
}

export function createBenchClient(): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  return {
    post: async (url, token, body, type, status) => {
      const length = body.reduce((sum, part) => sum + part.length, 0);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = request(url, {
          agent,
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': type, 'content-length': length },
        });
        outgoing.once('response', resolve).once('error', reject);
        for (const part of body) outgoing.write(part);
        outgoing.end();
      });
      const text = await textOf(response);
      if (response.statusCode !== status)
        throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`);
      return JSON.parse(text);
    },
    events: async (url, token, onEvent) => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request(url, { agent, headers: { authorization: `Bearer ${token}` } })
          .once('response', resolve)
          .once('error', reject)
          .end();
      });
      if (response.statusCode !== 200)
        throw new Error(`${url} answered ${response.statusCode}: ${(await textOf(response)).slice(0, 500)}`);
      let rest = '';
      for await (const chunk of response.setEncoding('utf8')) {
        const blocks = (rest + String(chunk)).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) onEvent(data);
        }
      }
    },
    close: () => agent.destroy(),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** A form with one file, as curl sends it. */
export function formOf(file: Buffer, name: string): { body: Buffer[]; type: string } {
  const boundary = '----topk-bench-7MA4YWxkTrZu0gW';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`;
  return {
    body: [Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)],
    type: `multipart/form-data; boundary=${boundary}`,
  };
}
