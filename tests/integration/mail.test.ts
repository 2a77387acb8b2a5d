import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../../core/mail/outbox.ts';
import { until } from '../support/poll.ts';
import { readConfig } from '../../worker/config.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

interface Received {
  readonly to: readonly string[];
  readonly text: string;
}

/** A mail server that takes mail, but for addresses that begin with `refused`, and breaks before it takes the first for `flaky`. */
async function startMailServer(port = 0) {
  const received: Received[] = [];
  let broken = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, callback) =>
      callback(
        address.startsWith('refused') ? Object.assign(new Error('no such person'), { responseCode: 550 }) : null,
      ),
    onData: (stream, { envelope }, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        if (to[0]?.startsWith('flaky') && (broken += 1) === 1)
          return callback(Object.assign(new Error('try later'), { responseCode: 451 }));
        received.push({ to, text: Buffer.concat(chunks).toString() });
        callback();
      });
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  return {
    received,
    port: isListening(address) ? address.port : 0,
    close: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function isListening(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

describe('the outbox', () => {
  let system: System;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  beforeAll(async () => {
    server = await startMailServer();
    const environment = { ...mailEnvironment, SMTP_URL: `smtp://127.0.0.1:${server.port}` };
    system = await startSystem({ worker: false, environment });
  });
  afterAll(async () => {
    await system.stop();
    await server.close();
  });

  const write = async (...recipients: string[]) =>
    await post(
      system.db.pool,
      recipients.map((to) => ({ to, subject: 'Über Noten\r\nBcc: eve@example.edu', text: 'Grüße: https://topk/set' })),
    );
  const stateOf = async (recipient: string) =>
    await system.db.prisma.mail.findFirstOrThrow({ where: { recipient }, orderBy: { id: 'desc' } });
  const arrived = (recipient: string) => server.received.filter(({ to }) => to.includes(recipient));

  it('is sent by several workers, each letter once, and its text is forgotten', async () => {
    const people = Array.from({ length: 30 }, (_, i) => `s${i}@example.edu`);
    await write(...people);
    await system.startWorker();
    await system.startWorker();
    await until(
      'all letters are sent',
      120_000,
      async () => (await system.db.prisma.mail.count({ where: { state: 'sent' } })) === people.length,
    );
    for (const person of people) expect(arrived(person), person).toHaveLength(1);
    expect(await stateOf('s0@example.edu')).toMatchObject({ text: '', error: null });
    const [letter] = arrived('s0@example.edu');
    expect(letter?.text).toMatch(/^From: Topk <topk@example.edu>/m);
    expect(letter?.text).toMatch(/^Message-ID: <topk-\d+-\d+@topk\.example\.edu>/m);
    expect(letter?.text).not.toMatch(/^Bcc:/m);
    expect(letter?.to).toEqual(['s0@example.edu']);
  });

  it('tries again what was not taken, and gives up who is refused for good', async () => {
    await write('refused@example.edu', 'flaky@example.edu');
    await until(
      'both were tried',
      120_000,
      async () =>
        (await stateOf('refused@example.edu')).state === 'failed' &&
        (await stateOf('flaky@example.edu')).error !== null,
    );
    expect(await stateOf('refused@example.edu')).toMatchObject({ tries: 1, text: '' });
    expect((await stateOf('refused@example.edu')).error).toContain('no such person');
    expect(await stateOf('flaky@example.edu')).toMatchObject({ state: 'waiting', tries: 1 });
    expect(arrived('flaky@example.edu')).toHaveLength(0);
    await system.db.pool.query(`update mail set try_at = now() where state = 'waiting'`);
    await until('it is sent', 120_000, async () => (await stateOf('flaky@example.edu')).state === 'sent');
    expect(arrived('flaky@example.edu')).toHaveLength(1);
  });

  it('keeps its letters while the mail server is away', async () => {
    await server.close();
    await write('patient@example.edu');
    await until('it was tried', 120_000, async () => (await stateOf('patient@example.edu')).error !== null);
    expect(await stateOf('patient@example.edu')).toMatchObject({ state: 'waiting' });
    server = await startMailServer(server.port);
    await system.db.pool.query(`update mail set try_at = now() where state = 'waiting'`);
    await until('it is sent', 120_000, async () => (await stateOf('patient@example.edu')).state === 'sent');
    expect(arrived('patient@example.edu')).toHaveLength(1);
  });

  it('needs all of its settings', () => {
    expect(() => readConfig({ ...system.environment, PUBLIC_URL: '' })).toThrow('SMTP_URL, MAIL_FROM and PUBLIC_URL');
  });
});
