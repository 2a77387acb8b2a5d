import { text } from 'node:stream/consumers';
import type { BlobStore } from '../../core/blobs/store.ts';
import { quote } from '../../core/scoring/report.ts';
import type { ReceivedFile } from '../http/upload.ts';

const headBytes = 4096;
const telling = /label|target|solution|answer|truth|(^|[^a-z])(key|class|y)([^a-z]|$)/i;

/** Sentences on what looks as if it held labels, which no student's code may ever be given; nobody but a person can tell. */
export async function labelSigns(blobs: BlobStore, { name, blob }: ReceivedFile): Promise<string[]> {
  const columns = headerOf(await readHead(blobs, blob.hash)).filter((column) => telling.test(column));
  const signs = [
    ...(telling.test(name.replace(/\.[^.]*$/, '')) ? ['by its name'] : []),
    ...(columns.length > 0 ? [`by its column ${quote(columns[0] ?? '')}`] : []),
  ];
  if (signs.length === 0) return [];
  return [
    `${name}: ${signs.join(' and ')} it may hold labels. Students’ code reads hidden files: take it away if it does.`,
  ];
}

async function readHead(blobs: BlobStore, hash: string): Promise<string> {
  return await text(blobs.read(hash, { start: 0, end: headBytes - 1 }));
}

/** The fields of the first line of what may be a table. */
function headerOf(head: string): string[] {
  const [line = ''] = head.split(/[\r\n]/, 1);
  return line.split(/[,;\t]/).map((field) => field.trim().replaceAll('"', ''));
}
