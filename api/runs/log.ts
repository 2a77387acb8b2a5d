import { text } from 'node:stream/consumers';
import type { FastifyReply } from 'fastify';
import { notFound } from '../errors.ts';
import type { Services } from '../services.ts';
import { logAccess, type RunRow } from './read.ts';

/** What is seen of a log of which only the end is shown. */
export const tailBytes = 8 * 1024;

/** The kept log as text. It is a program's: never shown as anything else, in no browser. */
export async function sendLog(
  services: Services,
  reply: FastifyReply,
  run: RunRow,
  isStaff: boolean,
): Promise<FastifyReply> {
  const access = logAccess(run, isStaff);
  const { logHash, logBytes } = run;
  if (access === 'none') throw notFound(`log of run ${run.attempt}; the instructor keeps it hidden`);
  if (logHash === null || logBytes === null) throw notFound(`log of run ${run.attempt} yet`);
  reply.headers({
    'content-disposition': `attachment; filename="submission-${run.submissionId}-run-${run.attempt}.log"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
  });
  reply.type('text/plain; charset=utf-8');
  if (access === 'tail') return await reply.send(await readTail(services, logHash, logBytes));
  return await reply.header('content-length', logBytes).send(services.blobs.read(logHash));
}

/** The last lines of a kept log that are shown where only its end may be. */
export async function readTail({ blobs }: Pick<Services, 'blobs'>, hash: string, bytes: number): Promise<string> {
  if (bytes === 0) return '';
  const start = Math.max(0, bytes - tailBytes);
  const end = await text(blobs.read(hash, { start, end: bytes - 1 }));
  // It may begin within a line, and within a character.
  return start === 0 ? end : end.slice(end.indexOf('\n') + 1);
}
