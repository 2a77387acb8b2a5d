import type { FastifyInstance } from 'fastify';

/** What a page of ours may load. Scripts come from this server's own files only; what a page shows can't run. */
const contentSecurityPolicy = [
  "default-src 'self'",
  // WebAssembly: a predictions file is checked in the browser by the code that scores it.
  "script-src 'self' 'wasm-unsafe-eval'",
  // Mantine sets positions and sizes as style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join(';');

/** Those that helmet sets (https://helmetjs.github.io), as constants: it works them out anew for each answer, an eighth of a short one's time. */
const always = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  // Not 1: the browsers that still have this filter can be attacked through it.
  'x-xss-protection': '0',
};

/** They mean nothing over plain http, or break it on a laptop. */
const overHttps = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
};

/** Headers for every answer. */
export function securityHeaders(app: FastifyInstance, { secure }: { secure: boolean }): void {
  const headers = secure ? { ...always, ...overHttps } : always;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
