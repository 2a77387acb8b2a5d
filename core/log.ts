import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Where a secret could travel in a logged object; what is there is replaced. */
const secrets = [
  '*.headers.authorization',
  '*.headers.cookie',
  'headers.authorization',
  'headers.cookie',
  'res.headers["set-cookie"]',
  'password',
  '*.password',
  'token',
  '*.token',
];

interface LogOptions {
  readonly name: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Structured logs, one JSON object a line. */
export function createLog({ name, level, destination }: LogOptions): Log {
  const options = { name, level, redact: { paths: secrets, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}
