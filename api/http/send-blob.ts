import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BlobStore } from '../../core/blobs/store.ts';

interface Sent {
  readonly hash: string;
  readonly bytes: number;
  readonly name: string;
  readonly modifiedAt: Date;
  readonly type?: string;
}

/** Sends a stored file as a download. */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  blobs: BlobStore,
  { hash, ...file }: Sent,
): Promise<FastifyReply> {
  return await sendBytes(request, reply, { ...file, etag: `"${hash}"`, read: (range) => blobs.read(hash, range) });
}

/** Bytes that can be read from anywhere. */
export interface Readout extends Omit<Sent, 'hash'> {
  readonly etag: string;
  /** Bytes `start` to `end`, both included; all without them. */
  readonly read: (range?: { start: number; end: number }) => Readable;
}

/** Sends bytes as a download. One Range is understood (RFC 9110), several are answered with the whole file. */
export async function sendBytes(request: FastifyRequest, reply: FastifyReply, file: Readout): Promise<FastifyReply> {
  const { etag } = file;
  reply.headers({
    'accept-ranges': 'bytes',
    etag,
    'last-modified': file.modifiedAt.toUTCString(),
    'cache-control': 'private, no-cache',
    'content-disposition': `attachment; filename="${file.name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
  reply.type(file.type ?? 'application/octet-stream');
  if (request.headers['if-none-match'] === etag) return await reply.code(304).send();
  const range = parseRange(request.headers.range, file.bytes);
  if (range === 'unsatisfiable') return await reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
  if (range === undefined || (request.headers['if-range'] ?? etag) !== etag) {
    return await reply.header('content-length', file.bytes).send(file.read());
  }
  const { start, end } = range;
  reply
    .code(206)
    .headers({ 'content-range': `bytes ${start}-${end}/${file.bytes}`, 'content-length': end - start + 1 });
  return await reply.send(file.read(range));
}

function parseRange(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end };
}
