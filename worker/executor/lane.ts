import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A holder's standard streams, by which small files go into a run's volumes and out of them. Of no use once anything went wrong: then the daemon has to
 * be asked, which can do all of it too.
 */
export interface Lane {
  /** Unpacks a tar, whose last file is `.go`, into the job's folder. @returns false where it did not come to it */
  put(tar: Readable, timeoutMs: number): Promise<boolean>;
  /** A tar of the run's folder with these outputs; undefined where it can't be had so. The last that is asked of the lane: it is closed with the stream. */
  fetch(outputs: readonly string[], timeoutMs: number): Promise<Readable | undefined>;
  close(): void;
}

/** @param stream of an attached container without a terminal: Docker says before each piece of its output which stream it is from */
export function openLane(stream: Duplex): Lane {
  let isUsable = true;
  const close = () => {
    isUsable = false;
    stream.destroy();
  };
  // What is attached may break off at any time, when nobody reads it too.
  stream.on('error', close).on('close', close);
  const blocks = readBlocks(stream);

  /** @returns undefined where it fails, or takes too long; the lane is closed then */
  async function attempt<T>(timeoutMs: number, work: () => Promise<T>): Promise<T | undefined> {
    if (!isUsable) return undefined;
    const over = new AbortController();
    const late = sleep(timeoutMs, undefined, { signal: over.signal }).then(
      () => Promise.reject(new Error('no answer in time')),
      () => undefined,
    );
    late.catch(() => undefined);
    try {
      return await Promise.race([work(), late]);
    } catch {
      close();
      return undefined;
    } finally {
      over.abort();
    }
  }

  return {
    put: async (tar, timeoutMs) => {
      const answer = await attempt(timeoutMs, async () => {
        await pipeline(tar, stream, { end: false });
        return (await blocks.next()).value;
      });
      tar.destroy();
      if (answer?.kind === 'end') return true;
      close();
      return false;
    },
    fetch: async (outputs, timeoutMs) => {
      const first = await attempt(timeoutMs, async () => {
        stream.write(`${JSON.stringify({ outputs })}\n`);
        return (await blocks.next()).value;
      });
      if (first?.kind !== 'bytes') {
        close();
        return undefined;
      }
      const tar = Readable.from(restOf(first.bytes, blocks), { objectMode: false });
      const timer = setTimeout(() => tar.destroy(new Error(`no whole archive within ${timeoutMs} ms`)), timeoutMs);
      return tar.once('close', () => {
        clearTimeout(timer);
        close();
      });
    },
    close,
  };
}

type Block =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed' };

async function* restOf(first: Buffer, blocks: AsyncGenerator<Block, undefined>): AsyncGenerator<Buffer> {
  yield first;
  for await (const block of blocks) {
    if (block.kind === 'end') return;
    if (block.kind === 'failed') throw new Error('the holder could not read on');
    yield block.bytes;
  }
  throw new Error('the holder said no more');
}

const failed = 0xff_ff_ff_ff;
/** Far more than the holder puts into one block. */
const maxBlockBytes = 1 << 20;

/** The blocks of the holder's messages, one after another. */
async function* readBlocks(stream: Duplex): AsyncGenerator<Block, undefined> {
  let waiting = Buffer.alloc(0);
  for await (const piece of unmultiplexed(stream)) {
    waiting = Buffer.concat([waiting, piece]);
    while (waiting.length >= 4) {
      const length = waiting.readUInt32BE(0);
      if (length === failed) yield { kind: 'failed' };
      else if (length > maxBlockBytes) throw new Error('this is no answer of a holder');
      if (length === failed || waiting.length < 4 + length) break;
      yield length === 0 ? { kind: 'end' } : { kind: 'bytes', bytes: waiting.subarray(4, 4 + length) };
      waiting = waiting.subarray(4 + length);
    }
  }
  return undefined;
}

/** @see https://docs.docker.com/reference/api/engine/version/v1.40/#tag/Container/operation/ContainerAttach: 1 byte of the stream, 3 of nothing, 4 of length */
async function* unmultiplexed(stream: Duplex): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of bytes was expected');
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 8) {
      const length = waiting.readUInt32BE(4);
      if (waiting.length < 8 + length) break;
      yield waiting.subarray(8, 8 + length);
      waiting = waiting.subarray(8 + length);
    }
  }
}
