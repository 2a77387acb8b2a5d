import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Headers for every answer. Scripts come from this server's own files only; what a page shows can't run. */
export async function securityHeaders(app: FastifyInstance, { secure }: { secure: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // WebAssembly: a predictions file is checked in the browser by the code that scores it.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        // Mantine sets positions and sizes as style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'https:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: secure,
    // Set by us where a page needs them; they break plain http on a laptop.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  });
}
