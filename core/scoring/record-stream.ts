import { createRecord, MAX_RECORD_BYTES, readRecord, undouble, type CsvRecord } from './csv-record.ts';
import { counted, type ProblemCode, type ReportBuilder } from './report.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { findInvalidUtf8 } from './utf8.ts';

/** One field as decoded bytes: valid until the next field is asked for. */
export type Field = { bytes: Uint8Array; from: number; to: number };
export type RecordHandler = (field: (index: number) => Field, fields: number, line: number) => 'more' | 'stop';

export type RecordStream = {
  /** Takes bytes, decompressed, in pieces of any size; false once no more are wanted. */
  push(bytes: Uint8Array): boolean;
  /** Ends the file with a problem that the reader of its bytes found. */
  fail(code: ProblemCode, message: string): void;
  tooLarge(): void;
  finish(): void;
};

const BUFFER_BYTES = 4 * MAX_RECORD_BYTES;

/** Reads the records of a staff file (an answer key, a sample submission), blank lines left out; problems go to `report`. */
export function createRecordStream(maxBytes: number, report: ReportBuilder, onRecord: RecordHandler): RecordStream {
  const buffer = new Uint8Array(BUFFER_BYTES);
  const scratch = new Uint8Array(MAX_RECORD_BYTES);
  const record = createRecord();
  let end = 0;
  let total = 0;
  let line = 1;
  let stop = false;
  let sniffed = false;

  return {
    fail,
    tooLarge,
    push(source) {
      total += source.length;
      if (total > maxBytes) tooLarge();
      for (let at = 0; at < source.length && !stop;) {
        const count = Math.min(source.length - at, BUFFER_BYTES - end);
        buffer.set(source.subarray(at, at + count), end);
        end += count;
        at += count;
        advance(false);
      }
      return !stop;
    },
    finish() {
      advance(true);
      stop = true;
    },
  };

  function tooLarge(): void {
    fail('too-large', `The file is larger than ${counted(maxBytes, 'byte')}.`);
  }

  function fail(code: ProblemCode, message: string): void {
    if (stop) return;
    report.add(code, sniffed ? { line } : {}, () => message);
    stop = true;
  }

  function advance(last: boolean): void {
    if (stop || (!sniffed && !last && end < SNIFF_BYTES)) return;
    let at = 0;
    if (!sniffed) {
      const form = sniff(buffer.subarray(0, Math.min(end, SNIFF_BYTES)));
      if (form.kind === 'problem') return fail(form.code, form.message);
      if (form.kind === 'npy') return fail('not-csv', 'The file is a NumPy array; this one must be a CSV.');
      sniffed = true;
      at = form.skip;
    }
    while (at < end && !stop) {
      const status = readRecord(buffer, at, end, last, record);
      if (status === 'incomplete' && end - at <= MAX_RECORD_BYTES) break;
      if (status === 'incomplete' || record.next - at > MAX_RECORD_BYTES) {
        return fail(
          'line-too-long',
          `The line is longer than ${counted(MAX_RECORD_BYTES, 'byte')}, or a quote is never closed.`,
        );
      }
      if (status === 'unterminated-quote') return fail('truncated', 'A quote is opened here and never closed.');
      if (status === 'stray-text') return fail('bad-quote', 'A closing quote is followed by more text.');
      if (findInvalidUtf8(buffer, at, record.next) >= 0)
        return fail('not-utf8', 'The line is not UTF-8 text. Save the file as UTF-8.');
      if (status === 'record' && onRecord(field, record.fields, line) === 'stop') stop = true;
      line += record.lines;
      at = record.next;
    }
    buffer.copyWithin(0, at, end);
    end -= at;
  }

  function field(index: number): Field {
    return readField(record, index, buffer, scratch);
  }
}

function readField(record: CsvRecord, index: number, buffer: Uint8Array, scratch: Uint8Array): Field {
  const from = record.starts[index] ?? 0;
  const to = record.ends[index] ?? 0;
  if (record.doubled[index] !== true) return { bytes: buffer, from, to };
  return { bytes: scratch, from: 0, to: undouble(buffer, from, to, scratch, 0) };
}
