import type { AnswerKey } from './key-memory.ts';
import { decodeText } from './utf8.ts';

const AWKWARD = 0x80000000;

/** The ids of these rows (row numbers ascending), for messages: walks the records, which only know their successor. */
export function idsOfRows(key: AnswerKey, rows: readonly number[]): string[] {
  const found: string[] = [];
  for (const record of walkRecords(key, key.layout.records, key.layout.recordsEnd)) {
    if (found.length === rows.length) break;
    if (record.value === rows[found.length]) found.push(record.text());
  }
  return found;
}

/** All class names, in the order of their indices. */
export function classNames(key: AnswerKey): string[] {
  return Array.from(walkRecords(key, key.layout.classRecords, key.layout.classRecordsEnd), (record) => record.text());
}

/** All ids as byte ranges of the key's memory, in row order. */
export function* walkIds(key: AnswerKey): Generator<{ from: number; to: number }> {
  yield* walkRecords(key, key.layout.records, key.layout.recordsEnd);
}

function* walkRecords(
  key: AnswerKey,
  from: number,
  end: number,
): Generator<{ value: number; from: number; to: number; text: () => string }> {
  const bytes = new Uint8Array(key.memory.buffer);
  const words = new Uint32Array(key.memory.buffer, 0, key.layout.end / 4);
  let at = from;
  while (at < end) {
    const length = (words[at / 4 + 1] ?? 0) & ~AWKWARD;
    const start = at + 8;
    yield {
      value: words[at / 4] ?? 0,
      from: start,
      to: start + length,
      text: () => decodeText(bytes, start, start + length),
    };
    at += (8 + length + 1 + 7) & ~7;
  }
}
