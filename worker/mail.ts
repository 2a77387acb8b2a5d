import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { claimLetter, letterFailed, letterSent, type Claimed } from '../core/mail/outbox.ts';
import { repeat } from './repeat.ts';
import type { Services } from './services.ts';

const timeouts = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 60_000 };

/**
 * Sends what waits in the outbox, where a mail server is given; any number of workers may do so. A letter can only arrive twice where the connection
 * breaks after the server has taken it and before it has said so; both then have the same Message-ID.
 * @returns a function that stops it and waits for the letter in progress
 */
export function startMailing({ config, db, log }: Services): () => Promise<void> {
  const { mail } = config;
  if (mail === undefined) return async () => await Promise.resolve();
  const transport = createTransport({ url: mail.smtpUrl, ...timeouts });
  const host = new URL(mail.publicUrl).hostname;
  const stop = repeat({
    everyMs: config.sweepEveryMs,
    work: async (stopped) => {
      for (let letter = await claimLetter(db.pool); letter; letter = stopped() ? undefined : await claimLetter(db.pool))
        await send(letter);
    },
    failed: (error) => log.warn({ err: error }, 'the outbox could not be looked through'),
  });
  return async () => {
    await stop();
    transport.close();
  };

  async function send(letter: Claimed): Promise<void> {
    const { id, recipient, subject, text, createdAt } = letter;
    try {
      await transport.sendMail({
        from: mail?.from,
        to: { name: '', address: recipient },
        subject,
        text,
        messageId: `<topk-${id}-${createdAt.getTime()}@${host}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      const told = Failure.safeParse(error).data;
      const message = told?.message ?? String(error);
      log.warn({ mail: id, code: told?.code, response: told?.responseCode }, 'a letter was not sent');
      await letterFailed(db.pool, letter, { error: message.slice(0, 500), forGood: isForGood(told) });
      return;
    }
    await letterSent(db.pool, letter);
  }
}

const Failure = z.object({
  message: z.string(),
  code: z.string().optional(),
  responseCode: z.number().int().optional(),
});

/** Not for what is wrong with us, such as our password there: that is mended, and then it is sent. */
function isForGood(failure: z.output<typeof Failure> | undefined): boolean {
  const { code, responseCode = 0 } = failure ?? {};
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500;
}
