const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** The longest record (a line, or several where a quoted field holds line ends) that is read, in bytes. */
export const MAX_RECORD_BYTES = 65_536;

/** The fields of one record as byte ranges, reused from record to record. `doubled`: the range holds doubled quotes. */
export type CsvRecord = {
  fields: number;
  starts: number[];
  ends: number[];
  doubled: boolean[];
  /** Where the next record starts, and how many line ends this one took, its own included. */
  next: number;
  lines: number;
};

export type RecordStatus =
  | 'record'
  | 'blank'
  /** The bytes end before the record does, and more may come. */
  | 'incomplete'
  | 'unterminated-quote'
  /** Text between a closing quote and the next comma. */
  | 'stray-text';

export function createRecord(): CsvRecord {
  return { fields: 0, starts: [], ends: [], doubled: [], next: 0, lines: 0 };
}

/**
 * Reads the record at `from` (RFC 4180: quotes around a field, doubled inside it; a quote within an unquoted field is plain text).
 * A line ends with LF, CRLF or CR. `last` says that the file ends at `to`.
 */
export function readRecord(
  bytes: Uint8Array,
  from: number,
  to: number,
  last: boolean,
  record: CsvRecord,
): RecordStatus {
  record.fields = 0;
  record.lines = 0;
  let at = from;
  let stray = false;
  while (true) {
    const quoted = at < to && bytes[at] === QUOTE;
    const start = quoted ? at + 1 : at;
    let end = 0;
    let doubled = false;
    if (quoted) {
      at = start;
      while (true) {
        if (at >= to) return last ? 'unterminated-quote' : 'incomplete';
        const byte = bytes[at];
        if (byte === QUOTE) {
          if (at + 1 >= to && !last) return 'incomplete';
          if (at + 1 >= to || bytes[at + 1] !== QUOTE) break;
          doubled = true;
          at += 2;
          continue;
        }
        if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) record.lines++;
        at++;
      }
      end = at;
      at++;
    }
    const plainFrom = at;
    while (at < to) {
      const byte = bytes[at];
      if (byte === COMMA || byte === LF || byte === CR) break;
      at++;
    }
    if (!quoted) end = at;
    else if (at > plainFrom) stray = true;

    record.starts[record.fields] = start;
    record.ends[record.fields] = end;
    record.doubled[record.fields] = doubled;
    record.fields++;

    if (at < to && bytes[at] === COMMA) {
      at++;
      continue;
    }
    if (at >= to) {
      if (!last) return 'incomplete';
      record.next = to;
    } else if (bytes[at] === LF) {
      record.next = at + 1;
    } else {
      if (at + 1 >= to && !last) return 'incomplete';
      record.next = at + 1 < to && bytes[at + 1] === LF ? at + 2 : at + 1;
    }
    record.lines++;
    if (stray) return 'stray-text';
    return record.fields === 1 && !quoted && start === end ? 'blank' : 'record';
  }
}

/** Copies a field without its doubled quotes to `out` at `to`, and returns its length. */
export function undouble(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    out[to + length] = byte;
    length++;
    if (byte === QUOTE) at++;
  }
  return length;
}
