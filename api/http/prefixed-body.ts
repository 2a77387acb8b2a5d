import { constants, crc32, deflateRawSync } from 'node:zlib';

/**
 * A body whose long beginning is shared by many answers and whose short end is each reader's own. The beginning is made into bytes, and packed, once.
 */
export interface PrefixedBody {
  plain(suffix: string): Buffer;
  /**
   * As gzip (RFC 1952) in one member: the packed beginning, then the end as it is, in a stored block (RFC 1951, 3.2.4). Undefined for an end that is
   * too long for one such block.
   */
  gzip(suffix: string): Buffer | undefined;
}

/** Deflate, no name, no time, unknown system. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const maxStoredBytes = 0xffff;

export function createPrefixedBody(text: string): PrefixedBody {
  const prefix = Buffer.from(text);
  let packed: { head: Buffer; crc: number } | undefined;
  const pack = () => {
    // A synchronising flush ends on a whole byte and leaves the stream open for the last block.
    const deflated = deflateRawSync(prefix, { finishFlush: constants.Z_SYNC_FLUSH });
    return { head: Buffer.concat([gzipHeader, deflated]), crc: crc32(prefix) };
  };
  return {
    plain: (suffix) => Buffer.concat([prefix, Buffer.from(suffix)]),
    gzip: (suffix) => {
      const end = Buffer.from(suffix);
      if (end.length > maxStoredBytes) return undefined;
      packed ??= pack();
      const stored = Buffer.alloc(5);
      // The last block, stored: its length, and that length inverted.
      stored.writeUInt8(1, 0);
      stored.writeUInt16LE(end.length, 1);
      stored.writeUInt16LE(end.length ^ 0xffff, 3);
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(crc32(end, packed.crc), 0);
      trailer.writeUInt32LE((prefix.length + end.length) >>> 0, 4);
      return Buffer.concat([packed.head, stored, end, trailer]);
    },
  };
}

/** Whether an Accept-Encoding header (RFC 9110, 12.5.3) names gzip, and not only to refuse it. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  return typeof header === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(header);
}
