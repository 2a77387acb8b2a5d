/** What a file is taken for, before it is read: an archive may hold a script or a notebook. */
export type SentKind = 'script' | 'notebook' | 'archive' | 'other';

/**
 * By its name first, which is what its author means; by its beginning where the name says nothing. A zip that calls itself a table or an array is
 * no code: the parser of predictions has its own words for it.
 * @param head the first bytes; 512 are enough
 */
export function sentKind(name: string, head: Uint8Array): SentKind {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === 'py') return 'script';
  if (extension === 'ipynb') return 'notebook';
  if (extension === 'zip') return 'archive';
  if (extension !== undefined && predictions.has(extension)) return 'other';
  if (isZip(head)) return 'archive';
  const text = new TextDecoder('latin1').decode(head);
  if (/^\s*\{\s*"(cells|metadata|nbformat)"/.test(text)) return 'notebook';
  if (/^#!.*python/.test(text)) return 'script';
  return 'other';
}

const predictions = new Set(['csv', 'tsv', 'txt', 'npy', 'npz', 'gz', 'parquet', 'json']);

/** A local header, or the end of an empty archive. */
export function isZip(head: Uint8Array): boolean {
  const [p, k, three, four] = head;
  return p === 0x50 && k === 0x4b && ((three === 3 && four === 4) || (three === 5 && four === 6));
}
