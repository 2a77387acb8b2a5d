import { createRecord, readRecord } from '../../../core/scoring/csv-record.ts';

/** The beginning of a data file: a table's first records, the header first, or a text's first lines. */
export type Preview =
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** How many columns there are beyond those that are given. */
      readonly moreColumns: number;
    }
  | { readonly kind: 'text'; readonly lines: readonly string[] };

const previewed = /\.(csv|tsv|txt|md|json|jsonl|ya?ml|py)$/i;

/** Whether a file's beginning can be shown, by its name. */
export function canPreview(name: string): boolean {
  return previewed.test(name);
}

const maxRecords = 11;
const maxColumns = 24;
const maxLines = 20;
const maxCellChars = 120;
const maxLineChars = 300;

/**
 * What to show of a file's first bytes. They may be anything: what is not UTF-8 is replaced, and all is cut to what a page can hold.
 * @param complete whether they are all of the file; if not, the last record may be broken off, and is left out
 */
export function previewOf(name: string, bytes: Uint8Array, complete: boolean): Preview {
  return /\.csv$/i.test(name) ? tableOf(bytes, complete) : textOf(bytes, complete);
}

function tableOf(bytes: Uint8Array, complete: boolean): Preview {
  const record = createRecord();
  const decoder = new TextDecoder();
  const records: string[][] = [];
  let columns = 0;
  let at = 0;
  while (at < bytes.length && records.length < maxRecords) {
    const status = readRecord(bytes, at, bytes.length, complete, record);
    // Not a table after all.
    if (status === 'unterminated-quote' || status === 'stray-text') return textOf(bytes, complete);
    if (status === 'incomplete') break;
    at = record.next;
    if (status === 'blank') continue;
    columns = Math.max(columns, record.fields);
    records.push(
      Array.from({ length: Math.min(record.fields, maxColumns) }, (_, field) => {
        const text = decoder.decode(bytes.subarray(record.starts[field], record.ends[field]));
        return cut(record.doubled[field] === true ? text.replaceAll('""', '"') : text, maxCellChars);
      }),
    );
  }
  const [head, ...rows] = records;
  if (head === undefined) return textOf(bytes, complete);
  return { kind: 'table', head, rows, moreColumns: Math.max(0, columns - maxColumns) };
}

function textOf(bytes: Uint8Array, complete: boolean): Preview {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  if (!complete && lines.length > 1) lines.pop();
  return { kind: 'text', lines: lines.slice(0, maxLines).map((line) => cut(line, maxLineChars)) };
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars)}…` : text;
}
