import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Where a secret could travel in a logged object; what is there is replaced. */
const secrets = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  'headers.cookie',
  'res.headers["set-cookie"]',
  'password',
  '*.password',
  'token',
  '*.token',
];

/** Structured logs, one JSON object a line on stdout. */
export function createLog({ name, level }: { name: string; level: string }): Log {
  return pino({ name, level, redact: { paths: secrets, censor: '[redacted]' } });
}
