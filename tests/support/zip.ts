import { crc32, deflateRawSync } from 'node:zlib';

/** An entry as it is to be written: everything beside name and content is for archives that lie. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly stored?: boolean;
  readonly method?: number;
  /** General purpose bits. */
  readonly flags?: number;
  /** The Unix mode; a file that all may read when not given. */
  readonly mode?: number;
  readonly declaredBytes?: number;
  readonly crc32?: number;
  /** In the local header, where it differs from the directory. */
  readonly localName?: string;
  /** Shares the bytes of an earlier entry, by its index. */
  readonly sameAs?: number;
}

/** Writes a zip archive (APPNOTE.TXT 4.3), true or not. */
export function makeZip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const { fields, data, name } = describe(entry);
    const localName = entry.localName === undefined ? name : Buffer.from(entry.localName);
    const local = Buffer.concat([u32(0x04034b50), fields, u16(localName.length), u16(0), localName, data]);
    const offset = entry.sameAs === undefined ? at : (offsets[entry.sameAs] ?? 0);
    offsets.push(offset);
    if (entry.sameAs === undefined) {
      parts.push(local);
      at += local.length;
    }
    const mode = entry.mode ?? (name.toString('latin1').endsWith('/') ? 0o040755 : 0o100644);
    const tail = [u16(name.length), u16(0), u16(0), u16(0), u16(0), u32(mode * 65_536), u32(offset), name];
    directory.push(Buffer.concat([u32(0x02014b50), u16(0x0314), fields, ...tail]));
  }
  const central = Buffer.concat(directory);
  const count = u16(entries.length & 0xffff);
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(central.length), u32(at), u16(0)];
  return new Uint8Array(Buffer.concat([...parts, central, ...end]));
}

/** What local header and directory have in common, from "version needed" to the sizes. */
function describe(entry: ZipEntry) {
  const content = Buffer.from(entry.content ?? '');
  const method = entry.method ?? (entry.stored === true || content.length === 0 ? 0 : 8);
  const data = method === 8 ? deflateRawSync(content, { level: 9 }) : content;
  const name = Buffer.from(entry.name);
  const sum = entry.crc32 ?? crc32(content);
  const bytes = entry.declaredBytes ?? content.length;
  const start = [u16(20), u16(entry.flags ?? 0x800), u16(method), u16(0), u16(0x21)];
  const fields = Buffer.concat([...start, u32(sum), u32(data.length), u32(bytes)]);
  return { fields, data, name };
}

function u16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}
