import { createHmac, randomBytes } from 'node:crypto';

/** Standard Webhooks (https://www.standardwebhooks.com): secrets are shown as whsec_ and the base64 of the key. */
export const secretPrefix = 'whsec_';

/** 256 random bits, as the database keeps them. */
export function newSecret(): string {
  return randomBytes(32).toString('base64');
}

export interface Signed {
  readonly messageId: string;
  readonly body: string;
  /** Of this attempt: a receiver refuses what is old. */
  readonly at: Date;
  /** One signature for each. */
  readonly secrets: readonly string[];
}

/** The headers that prove a message. */
export function signatureHeaders({ messageId, body, at, secrets }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = `${messageId}.${timestamp}.${body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64')}`,
  );
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
