import { megabytes, refuse } from './refusal.ts';
import { isZip } from './kind.ts';

/** A program that somebody wrote is far smaller; data belongs beside it, in a zip. */
export const maxScriptBytes = 4 * 2 ** 20;

/**
 * Refuses what Python would refuse for its bytes alone; whether it is a program is for Python to say.
 * @param path where it lies in an archive
 * @throws CodeRefused
 */
export function checkScript(bytes: Uint8Array, path?: string): void {
  if (bytes.length > maxScriptBytes)
    throw refuse('too-large', `A script may have ${megabytes(maxScriptBytes)}; send data beside it in a zip.`, path);
  if (isZip(bytes)) throw refuse('not-python', 'This is a zip archive under the name of a script. Name it .zip.', path);
  const text = decode(bytes, path);
  if (text.trim() === '') throw refuse('empty-file', 'The script is empty.', path);
  if (/^\s*<(!doctype|html)/i.test(text))
    throw refuse('not-python', 'This is a web page, not a script. Download the raw file.', path);
}

/** UTF-8 text without NUL. @throws CodeRefused */
export function decode(bytes: Uint8Array, path?: string): string {
  if (bytes.length === 0) throw refuse('empty-file', 'The file is empty.', path);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw refuse('not-utf8', 'The file is UTF-16. Save it as UTF-8.', path);
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    throw refuse('nul-byte', `There is a NUL byte in line ${lineOf(bytes, nul)}. Is this the right file?`, path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('not-utf8', `Line ${badLine(bytes)} is not UTF-8. Save the file as UTF-8.`, path);
  }
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

/** The first line that is not UTF-8: no character of UTF-8 but the line feed itself contains its byte. */
function badLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(10, start);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    start = end + 1;
  }
}
