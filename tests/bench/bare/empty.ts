import Fastify from 'fastify';
import { pino } from 'pino';
import { takeUploads } from '../../../api/http/upload.ts';

/** Fastify with nothing in it: what any route on this machine could reach at best. */
const app = Fastify();
app.get('/empty', async () => '');
// The same parsers as ours, and a handler that only reads the file to its end.
await app.register(async (scope) => {
  await takeUploads(scope);
  scope.post('/multipart', async (request) => {
    let bytes = 0;
    for await (const part of request.parts()) {
      if (part.type === 'file') for await (const chunk of part.file) bytes += chunk.length;
    }
    return { bytes };
  });
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
pino({ name: 'empty' }).info({ url }, 'listening');
process.once('SIGTERM', () => process.exit(0));
