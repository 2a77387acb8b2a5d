import { Redis } from 'ioredis';
import { Change } from '../contract/jobs.ts';
import type { RedisOptions } from './doorbell.ts';

/** Says that something changed, to every api process. Hints only: a lost one costs its listeners a few seconds, never the truth. */
export interface ChangeSender {
  /** Never rejects and never waits for a Redis that is down. */
  send(change: Change): void;
  ping(): Promise<void>;
  close(): void;
}

/** With the database's number: publish/subscribe does not know databases, and would reach all installations on a Redis that have one prefix. */
function channelOf({ url, prefix }: Pick<RedisOptions, 'url' | 'prefix'>): string {
  const database = new URL(url).pathname.slice(1) || '0';
  return `${prefix}:${database}:changes`;
}

export function createChangeSender({ url, prefix, log }: RedisOptions): ChangeSender {
  const channel = channelOf({ url, prefix });
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', (error) => log.debug({ err: error }, 'changes are not sent: Redis is away'));
  return {
    send: (change) => {
      redis.publish(channel, JSON.stringify(change)).catch((error: unknown) => {
        log.debug({ err: error }, 'a change was not sent');
      });
    },
    ping: async () => {
      await redis.ping();
    },
    close: () => redis.disconnect(),
  };
}

/** Calls `onChange` for each change that any process sends, until closed; reconnects by itself. */
export function listenForChanges(
  { url, prefix, log }: RedisOptions,
  onChange: (change: Change) => void,
): { close(): void } {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', (error) => log.debug({ err: error }, 'changes are not heard: Redis is away'));
  redis.on('message', (_channel, message) => {
    const change = parseChange(message);
    if (change === undefined) log.warn('a change was sent in a form that this version does not know');
    else onChange(change);
  });
  redis
    .subscribe(channelOf({ url, prefix }))
    .catch((error: unknown) => log.debug({ err: error }, 'not subscribed yet'));
  return { close: () => redis.disconnect() };
}

function parseChange(message: string): Change | undefined {
  try {
    const parsed = Change.safeParse(JSON.parse(message));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
