import packageJson from '../../package.json' with { type: 'json' };
import { messageBody } from '../../core/hooks/message.ts';
import { claimDelivery, giveUpDelivery, recordAttempt, type ClaimedDelivery } from '../../core/hooks/outbox.ts';
import { signatureHeaders } from '../../core/hooks/signature.ts';
import { repeat } from '../repeat.ts';
import type { Services } from '../services.ts';
import type { Resolve } from './resolve.ts';
import { sendOnce } from './send.ts';

const silenced = 'The hook was disabled, or whoever answers for it is no instructor of the course any more.';
/** At once, in this worker. */
const senders = 4;

/**
 * Makes the deliveries that wait in the outbox; any number of workers may do so. One can only be made twice where a worker dies, or Postgres is away,
 * between the receiver's answer and its being written down; both then have the same webhook-id.
 * @returns a function that stops it and waits for the deliveries in progress
 */
export function startDelivering(
  { config, db, log }: Pick<Services, 'config' | 'db' | 'log'>,
  resolve: Resolve,
): () => Promise<void> {
  if (!config.hooks) return async () => await Promise.resolve();
  const stops = Array.from({ length: senders }, () =>
    repeat({
      everyMs: config.sweepEveryMs,
      work: async (stopped) => {
        for (let next = await claimDelivery(db.pool); next; next = stopped() ? undefined : await claimDelivery(db.pool))
          await deliver(next);
      },
      failed: (error) => log.warn({ err: error }, 'the outbox of hooks could not be looked through'),
    }),
  );
  return async () => {
    await Promise.all(stops.map(async (stop) => await stop()));
  };

  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const { messageId, at, told, url, format, secrets, mayTell } = delivery;
    if (!mayTell) return await giveUpDelivery(db.pool, delivery, silenced);
    if (told === null) return await giveUpDelivery(db.pool, delivery, 'Another version of Topk wrote it.');
    const body = messageBody({ told, format, at, publicUrl: config.publicUrl });
    const headers = {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': `Topk/${packageJson.version}`,
      ...signatureHeaders({ messageId, body, at: new Date(), secrets }),
    };
    const sender = { resolve, hosts: config.hookPrivateHosts, timeoutMs: config.hookTimeoutMs };
    const outcome = await sendOnce({ url, headers, body }, sender);
    if (outcome.error !== undefined)
      log.warn({ hook: delivery.hookId, delivery: delivery.id, status: outcome.status }, 'a hook was not delivered');
    await recordAttempt(db.pool, delivery, outcome, { mailTo: config.mail?.publicUrl });
  }
}
