import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { isNamed, literalOf, refusalOfUrl, refusedAddress, type PrivateHosts } from '../../core/hooks/destination.ts';
import { isPublicAddress } from '../../core/hooks/public-addresses.ts';
import type { Outcome } from '../../core/hooks/outbox.ts';
import type { Resolve } from './resolve.ts';

export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sender {
  readonly resolve: Resolve;
  readonly hosts: PrivateHosts;
  /** For everything, from the name to the answer's first bytes. */
  readonly timeoutMs: number;
}

/** Of an answer; what comes after that is not read. */
const maxAnswerBytes = 1_000;
const maxAddresses = 4;

/** Nothing was sent yet: the next address may be tried. */
const notConnected: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/**
 * Posts once, to an address that was looked at before: the name is not resolved again in between. Whatever the receiver does is an outcome: it does not
 * throw, takes no longer than `timeoutMs`, and reads no more than the first bytes.
 */
export async function sendOnce(posting: Posting, sender: Sender): Promise<Outcome> {
  const began = performance.now();
  const signal = AbortSignal.timeout(sender.timeoutMs);
  const outcome = await trySend(posting, sender, signal).catch((error: unknown) => ({
    error: signal.aborted ? `There was no answer within ${sender.timeoutMs / 1000} seconds.` : sentenceOf(error),
  }));
  return { ...outcome, tookMs: performance.now() - began };
}

async function trySend(
  posting: Posting,
  { resolve, hosts }: Sender,
  signal: AbortSignal,
): Promise<Omit<Outcome, 'tookMs'>> {
  const refusal = refusalOfUrl(posting.url, hosts);
  if (refusal !== undefined) return { error: refusal };
  const url = new URL(posting.url);
  const named = isNamed(url, hosts);
  const literal = literalOf(url);
  const found = literal === undefined ? await inTime(resolve(url.hostname, { named, signal }), signal) : [literal];
  if (found.length === 0) return { error: `No address is known for ${url.hostname}.` };
  // All of them, or a name that has one of each could be made to lead to the private one.
  if (!named && !found.every(isPublicAddress)) return { error: refusedAddress(url.hostname) };
  const addresses = found.slice(0, maxAddresses);
  for (const address of addresses) {
    try {
      return readOutcome(await exchange(url, address, posting, signal));
    } catch (error) {
      if (address === addresses.at(-1) || !notConnected.has(codeOf(error))) throw error;
    }
  }
  throw new Error('no address was tried');
}

/** The system's own look-up heeds no signal. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const end = () => late.reject(new Error('it took too long'));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

async function exchange(url: URL, address: string, { headers, body }: Posting, signal: AbortSignal): Promise<Answer> {
  const isTls = url.protocol === 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = (isTls ? httpsRequest : httpRequest)({
    method: 'POST',
    host: address,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body), connection: 'close' },
    // A connection of its own: kept ones are found by name, and this one was looked at.
    agent: false,
    ...(isTls && literalOf(url) === undefined && { servername: url.hostname }),
    maxHeaderSize: 16_384,
    signal,
  });
  // Once there is a status, that counts, however its body ends.
  let answered = false;
  const fail = (error: Error) => {
    if (!answered) reject(error);
  };
  outgoing.on('error', fail);
  outgoing.on('close', () => fail(new Error('the connection was closed without an answer')));
  outgoing.on('upgrade', (_response, socket) => {
    socket.destroy();
    fail(new Error('it answered with another protocol (101)'));
  });
  outgoing.on('response', (response) => {
    answered = true;
    readStart(response).then(
      (text) => resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text }),
      reject,
    );
  });
  outgoing.end(body);
  try {
    return await promise;
  } finally {
    outgoing.destroy();
  }
}

/** The first bytes; an answer that breaks off or is slow counts by its status. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxAnswerBytes) break;
    }
  } catch {
    // What came so far is what there is.
  }
  // NUL is no character of text in Postgres.
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8').toWellFormed().replaceAll('\0', '\uFFFD');
}

function readOutcome({ status, retryAfter, text }: Answer): Omit<Outcome, 'tookMs'> {
  const answer = { status, answer: text };
  if (status >= 200 && status < 300) return answer;
  if (status >= 300 && status < 400) return { ...answer, error: `It answered ${status}: redirects are not followed.` };
  const seconds = Number(retryAfter);
  return {
    ...answer,
    error: `It answered ${status}.`,
    ...(seconds > 0 && { retryAfterS: seconds }),
    gone: status === 410,
  };
}

const Failure = z.object({ message: z.string(), code: z.string().optional() });

function codeOf(error: unknown): string {
  return Failure.safeParse(error).data?.code ?? '';
}

/** Without the address that was tried. */
function sentenceOf(error: unknown): string {
  const { code, message } = Failure.safeParse(error).data ?? { message: String(error) };
  switch (code) {
    case 'ECONNREFUSED':
      return 'The connection was refused.';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'There is no way to its address from here.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'No address is known for it.';
    case undefined:
      return `It failed: ${message}.`;
    default:
      return `It failed: ${message.replaceAll(/\s+/g, ' ').slice(0, 300)} (${code}).`;
  }
}
