import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';

/** The least that does the same: Node's http, one hash, one file, and the answer once the bytes are on the disk. */
const dir = process.env['BENCH_DIR'] ?? '';
let received = 0;
const server = createServer({ highWaterMark: 1 << 20 }, (request, response) => void receive(request, response));

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = await open(join(dir, `upload-${received++}`), 'wx');
  const hash = createHash('sha256');
  for await (const chunk of request) {
    const written = file.write(chunk);
    hash.update(chunk);
    await written;
  }
  await file.datasync();
  await file.close();
  response.end(JSON.stringify({ sha256: hash.digest('hex') }));
}

server.listen(0, '127.0.0.1', () => {
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  pino({ name: 'upload' }).info({ url: `http://127.0.0.1:${port}` }, 'listening');
});
process.once('SIGTERM', () => process.exit(0));
