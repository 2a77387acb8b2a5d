import type { ProblemCode } from './report.ts';

/** What the first bytes say a file is; a name says nothing. */
export type Sniffed =
  | { kind: 'npy' }
  | { kind: 'csv'; skip: number }
  | { kind: 'problem'; code: ProblemCode; message: string };

/** As many first bytes as `sniff` looks at. */
export const SNIFF_BYTES = 512;

const SIGNATURES: readonly (readonly [string, string])[] = [
  [
    'PK\x03\x04',
    'a zip archive (.zip, .xlsx and .npz are zip archives). Upload the CSV inside it; from NumPy use np.save, not np.savez',
  ],
  ['PK\x05\x06', 'an empty zip archive. Upload the CSV itself'],
  ['%PDF', 'a PDF. Upload the predictions as CSV'],
  ['\x89HDF', 'an HDF5 file. Write a CSV: df.to_csv(path, index=False)'],
  ['PAR1', 'a Parquet file. Write a CSV: df.to_csv(path, index=False)'],
  ['ARROW1', 'an Arrow file. Write a CSV: df.to_csv(path, index=False)'],
  ['7z\xbc\xaf', 'a 7z archive. Upload the CSV itself, or compressed by gzip'],
  ['\xfd7zXZ', 'an xz archive. Upload the CSV itself, or compressed by gzip'],
  ['BZh', 'a bzip2 archive. Upload the CSV itself, or compressed by gzip'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive. Upload the CSV itself, or compressed by gzip'],
  ['Rar!', 'a RAR archive. Upload the CSV itself, or compressed by gzip'],
  ['\x1f\x8b', 'gzip within gzip. Compress the file once'],
  ['\x89PNG', 'an image. Upload the predictions as CSV'],
  ['\xff\xd8\xff', 'an image. Upload the predictions as CSV'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook. Save it as "CSV UTF-8"'],
  ['\x80\x02', 'a pickle. Write a CSV: df.to_csv(path, index=False)'],
  ['\x80\x03', 'a pickle. Write a CSV: df.to_csv(path, index=False)'],
  ['\x80\x04', 'a pickle. Write a CSV: df.to_csv(path, index=False)'],
  ['\x80\x05', 'a pickle. Write a CSV: df.to_csv(path, index=False)'],
  ['{', 'JSON. Write a CSV: df.to_csv(path, index=False)'],
];

/** Tells the form of a file from its first bytes (all of it, if it is shorter than `SNIFF_BYTES`). */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0)
    return { kind: 'problem', code: 'empty-file', message: 'The file is empty. Upload the file that your code wrote.' };
  if (startsWith(head, '\x93NUMPY')) return { kind: 'npy' };
  const encoding = findWideEncoding(head);
  if (encoding !== undefined) return encoding;
  const skip = startsWith(head, '\xef\xbb\xbf') ? 3 : 0;
  const text = String.fromCharCode(...head.subarray(skip))
    .trimStart()
    .toLowerCase();
  if (/^<(!doctype|html|\?xml|head|body|!--)/.test(text)) {
    return notCsv(
      'a web page, not a table: perhaps an error page or a sign-in page was saved under this name. Download or write the file again',
    );
  }
  const known = SIGNATURES.find(([signature]) => startsWith(head, signature));
  return known === undefined ? { kind: 'csv', skip } : notCsv(known[1]);
}

function notCsv(what: string): Sniffed {
  return { kind: 'problem', code: 'not-csv', message: `The file is ${what}.` };
}

function startsWith(head: Uint8Array, signature: string): boolean {
  for (let i = 0; i < signature.length; i++) if (head[i] !== signature.charCodeAt(i)) return false;
  return true;
}

function findWideEncoding(head: Uint8Array): Sniffed | undefined {
  const remedy =
    'Save it as UTF-8: in pandas df.to_csv(path, index=False), in Excel "CSV UTF-8", in PowerShell Out-File -Encoding utf8';
  const as = (code: 'utf-16' | 'utf-32'): Sniffed => ({
    kind: 'problem',
    code,
    message: `The file is ${code.toUpperCase()} text. ${remedy}.`,
  });
  if (startsWith(head, '\xff\xfe\0\0') || startsWith(head, '\0\0\xfe\xff')) return as('utf-32');
  if (startsWith(head, '\xff\xfe') || startsWith(head, '\xfe\xff')) return as('utf-16');
  // Without a byte order mark: Latin text has every other byte 0 in UTF-16, three of four in UTF-32.
  const zeros = [0, 0, 0, 0];
  const length = Math.min(head.length, 64) & ~3;
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 4] = (zeros[i % 4] ?? 0) + 1;
  const mostly = zeros.map((count) => length >= 8 && count * 4 >= length * 0.9);
  const full = mostly.filter((each) => each).length;
  if (full === 3) return as('utf-32');
  if (full === 2 && mostly[0] === mostly[2]) return as('utf-16');
  return undefined;
}
