import { createServer } from 'node:http';
import { within } from '../core/queue/within.ts';
import type { Services } from './services.ts';

/**
 * Answers /healthz where a port is set: 200 while Postgres and Redis answer this worker, else 503.
 * @returns a function that stops it
 */
export async function serveHealth({ config, db, changes }: Services): Promise<() => void> {
  if (config.healthPort === 0) return () => undefined;
  const server = createServer((_request, response) => {
    within(2_000, Promise.all([db.pool.query('select 1'), changes.ping()])).then(
      () => response.writeHead(200).end('ok\n'),
      () => response.writeHead(503).end('Postgres or Redis does not answer\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.healthPort, '127.0.0.1', resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
