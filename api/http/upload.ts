import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Blob, BlobSink } from '../../core/blobs/store.ts';
import { AppError } from '../errors.ts';

export interface ReceivedFile {
  readonly blob: Blob;
  /** As the client calls it; shown to people, never used as a path. */
  readonly name: string;
}

export interface ReceivedForm {
  readonly files: readonly ReceivedFile[];
  readonly fields: ReadonlyMap<string, string>;
}

interface Bounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/**
 * Makes a scope's routes take files, as `multipart/form-data` or as the raw bytes of any other type. Nothing is buffered: bodies are read by
 * `receiveFiles` alone, which counts the bytes, since Fastify's `bodyLimit` does not apply to a stream.
 */
export async function takeUploads(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  // A larger buffer than the default of 64 KiB makes a large file a third faster.
  await app.register(multipart, { highWaterMark: 1 << 20 });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** Where a form's file goes, by the name of its field; raw bytes are the field "file". */
export type SinkByField = (field: string) => BlobSink;

/**
 * Reads a request's files into the blob store, or wherever they are wanted.
 * @throws AppError file-missing, file-too-large, upload-interrupted, or validation-failed for a form that is not one
 */
export async function receiveFiles(
  request: FastifyRequest,
  sinkFor: SinkByField,
  bounds: Bounds,
  rawName: string | undefined,
): Promise<ReceivedForm> {
  try {
    return request.isMultipart()
      ? await receiveForm(request, sinkFor, bounds)
      : await receiveRaw(request, sinkFor('file'), bounds, rawName);
  } catch (error) {
    throw request.raw.destroyed && !request.raw.complete ? interrupted(error) : error;
  }
}

/** As `receiveFiles`, for exactly one file. */
export async function receiveFile(
  request: FastifyRequest,
  sink: BlobSink,
  maxBytes: number,
  rawName: string | undefined,
): Promise<ReceivedFile & Pick<ReceivedForm, 'fields'>> {
  const { files, fields } = await receiveFiles(request, () => sink, { maxBytes, maxFiles: 1 }, rawName);
  const [file] = files;
  if (file === undefined) {
    throw new AppError(
      'file-missing',
      'The form holds no file. Send one in the field "file": curl -F file=@predictions.csv …',
    );
  }
  return { ...file, fields };
}

async function receiveForm(
  request: FastifyRequest,
  sinkFor: SinkByField,
  { maxBytes, maxFiles }: Bounds,
): Promise<ReceivedForm> {
  const files: ReceivedFile[] = [];
  const fields = new Map<string, string>();
  const limits = { files: maxFiles, fields: 20, fieldSize: 100_000, fileSize: maxBytes + 1, headerPairs: 50 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') files.push(await store(part.file, sinkFor(part.fieldname), maxBytes, part.filename));
      else if (typeof part.value === 'string') fields.set(part.fieldname, part.value.replaceAll('\0', ''));
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (hasCode(error, 'FST_FILES_LIMIT'))
      throw new AppError(
        'validation-failed',
        maxFiles === 1 ? 'Send one file at a time.' : `Send at most ${maxFiles} files at once.`,
      );
    if (hasCode(error, 'FST_FIELDS_LIMIT') || hasCode(error, 'FST_PARTS_LIMIT'))
      throw new AppError('validation-failed', 'The form has too many fields.');
    if (isMalformedForm(error))
      throw new AppError('validation-failed', 'The form is not complete multipart/form-data. Was the upload cut off?');
    throw error;
  }
  return { files, fields };
}

async function receiveRaw(
  request: FastifyRequest,
  sink: BlobSink,
  { maxBytes }: Bounds,
  rawName: string | undefined,
): Promise<ReceivedForm> {
  if (rawName === undefined) {
    throw new AppError(
      'file-missing',
      'Send the file as multipart/form-data in the field "file", or its raw bytes with ?filename=predictions.csv.',
    );
  }
  const declared = Number(request.headers['content-length']);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  return { files: [await store(request.raw, sink, maxBytes, rawName)], fields: new Map() };
}

async function store(
  source: AsyncIterable<Uint8Array>,
  sink: BlobSink,
  maxBytes: number,
  name: string | undefined,
): Promise<ReceivedFile> {
  const outcome = await sink.put(source, maxBytes);
  if (outcome.kind === 'too-large') throw tooLarge(maxBytes);
  return { blob: outcome.blob, name: printable(name) };
}

/** The last segment, if there is a name at all (a part without one is a file by its type), without what could confuse a reader or a terminal: control and bidirectional characters. */
export function printable(name: string | undefined): string {
  const last = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .slice(0, 200)
    .trim();
  return clean === '' ? 'file' : clean;
}

export function tooLarge(maxBytes: number): AppError {
  const megabytes = (maxBytes / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 4 });
  return new AppError(
    'file-too-large',
    `The file is larger than the ${megabytes} MB (${maxBytes.toLocaleString('en-US')} bytes) that are taken here. Gzip may help: a .csv.gz is scored as well.`,
  );
}

function interrupted(cause: unknown): AppError {
  const error = new AppError(
    'upload-interrupted',
    'The upload ended before the whole file was there. Send it again; nothing was charged.',
  );
  error.cause = cause;
  return error;
}

/** By what busboy says; the needle is a boundary that is too long. */
function isMalformedForm(error: unknown): boolean {
  return (
    error instanceof Error &&
    /Unexpected end of (form|multipart)|needle cannot have a length|Part terminated early|Malformed|Boundary not found|Invalid multipart/i.test(
      error.message,
    )
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
